import Datasets
import Foundation
import MessagePassing
import Testing

@testable import Settings
@testable import Storage

/// Modules below say what is wrong; the options and the keys with which to mend it are said here.
@Suite("Errors in words")
struct ErrorWordsTests {
  @Test(
    "of a split name the key",
    arguments: [
      (
        .tooFewImages(set: "mnist", available: 1),
        "mnist has 1 training image(s), but one is needed to train on and one to validate on "
          + "(data.validation). Check the files of the set."
      ),
      (
        .nothingToTrainOn(validation: 160, set: "mnist", available: 160),
        "data.validation is 160, but mnist has 160 training images, and some must be left to train "
          + "on. Choose data.validation below 160."
      ),
      (
        .limitAboveImages(limit: 121, validation: 40, set: "mnist", available: 160),
        "data.train-limit is 121, but only 120 of the 160 training images of mnist are left after "
          + "40 for validation. Choose at most 120, or null for all."
      ),
      (
        .unevenShares(validation: 100, classes: 7, set: "mnist"),
        "data.validation is 100, but with data.split: balanced every one of the 7 classes of mnist "
          + "gives the same number. Choose 98 or 105."
      ),
      (
        .unevenShares(validation: 3, classes: 7, set: "mnist"),
        "data.validation is 3, but with data.split: balanced every one of the 7 classes of mnist "
          + "gives the same number. Choose 7."
      ),
      (
        .classTooSmall(validation: 20, share: 2, label: 4, set: "mnist", available: 2),
        "data.validation is 20, 2 images of each class with data.split: balanced, but class 4 of "
          + "mnist has 2, and some must be left to train on. Choose a smaller data.validation."
      ),
      (
        .classTooSmall(validation: 10, share: 1, label: 4, set: "mnist", available: 0),
        "data.validation is 10, 1 images of each class with data.split: balanced, but class 4 of "
          + "mnist has 0, and some must be left to train on. Choose another data.split."
      ),
      (
        .classWithoutImages(imbalance: 400, label: 9, set: "mnist", available: 300),
        "data.imbalance is 400.0, but class 9 of mnist has 300 training images, of which none would "
          + "be left. Choose a smaller data.imbalance, or leave more images to train on "
          + "(data.train-limit, data.validation)."
      ),
      (
        .minibatchAboveImages(batch: 121, available: 120),
        "inner.batch is 121, but there are 120 training images. Choose a minibatch of at most 120."
      ),
    ] as [(SplitError, String)])
  func split(error: SplitError, sentence: String) { #expect(error.words == sentence) }

  @Test(
    "of a data set name the options",
    arguments: [
      (
        .nameFolder(set: "svhn"),
        "Give --data DIR or set GLOCAL_DATA; scripts/fetch-data svhn DIR fills it."
      ),
      (
        .correctFolder(set: "svhn"),
        "Correct --data or GLOCAL_DATA; scripts/fetch-data svhn DIR fills a folder."
      ),
      (
        .fetchOrNameFolder(set: "svhn"),
        "Fetch it with scripts/fetch-data svhn DIR, or name another folder with --data."
      ),
      (.allowFewer, "If it is a part on purpose, say --set data.partial=true."),
    ] as [(DatasetError.Remedy, String)])
  func dataset(remedy: DatasetError.Remedy, sentence: String) {
    let error = DatasetError("/x", "is missing", remedies: [.advice("Look."), remedy])
    #expect(error.words == "/x is missing. Look. \(sentence)")
  }

  @Test(
    "of a file name the option for another folder",
    arguments: [
      (ENOSPC, "Free space on that disk, or choose a folder on another one with --output."),
      (EACCES, "Change its permissions, or choose another folder with --output."),
      (EROFS, "That disk can only be read: choose another folder with --output."),
      (ELOOP, "Choose another folder with --output, or look at the system's log."),
      (ENOENT, "Check the path."),
    ])
  func file(code: Int32, remedy: String) {
    let error = FileError(path: "/x", action: .write, code: code, kept: "All is kept.")
    #expect(
      error.words == "cannot write /x: \(String(cString: strerror(code))). All is kept. \(remedy)")
    #expect(SafeTensorsError("/x", .file(error)).words == error.words)
    #expect(
      error.description == error.words.replacing(" with --output", with: ""),
      "but for the option they are the same")
  }

  @Test("of grids and launchers name the option")
  func ranks() {
    let grid = GridError.wrongProduct(columns: 2, data: 3, ranks: 4)
    #expect(
      grid.words
        == "the grid 2x3 does not fit 4 rank(s); choose C and D with C·D = 4, or `--grid auto`")
    let idle = GridError.tooFewColumns(3, columnGroups: 4, dataGroups: 1)
    #expect(idle.words == idle.description && idle.words.hasSuffix("or fewer ranks"))
    #expect(
      LaunchError.batchShell(tasks: 4).words
        == "this is the batch shell of a Slurm job with 4 tasks; start the ranks with "
        + "`srun --mpi=pmix`, with `mpirun` or with `--ranks N`, or one alone with "
        + "`srun --ntasks=1`")
    #expect(
      LaunchError.noLauncher(code: ENOENT).words == "mpirun cannot be started (No such file or "
        + "directory); install Open MPI (Debian: openmpi-bin) or run without `--ranks`")
    #expect(
      LaunchError.rankCount(0).words == "0 ranks make no job; ask for 1 or more")
  }

  @Test("of a text that is handed in name its option")
  func text() {
    #expect(
      InputText.Problem.notHandedOn.sentence(option: "--config", wanted: "a YAML file")
        == "is a pipe of the shell, which a launcher does not hand on to the ranks. Use --config - "
        + "and send the text to the launcher's standard input, or start the program with --ranks.")
  }

  @Test("that name no option are left as they are")
  func others() {
    #expect(RunError("No.").words == "No.")
    let error: any Error = SplitError.minibatchAboveImages(batch: 2, available: 1)
    #expect(error.words.hasPrefix("inner.batch is 2"), "whatever type is known")
  }
}
