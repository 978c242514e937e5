import Tensors

/// Random changes of training images: a mirror image, and a part cut out of the padded image.
///
/// What happens to an image is a function of (seed, inner step, number of the image in its data set):
/// the same bits on every grid, in a window that is trained again, and whichever images share the
/// minibatch.
///
///     padded       crop zero pixels on all four sides, zero before the normalisation
///     cut out      height × width of it, at each of the (2 crop + 1)² places equally often
///     mirrored     left to right, every other time
///
/// in this order, as PyTorch's `RandomCrop(size, padding=crop)` and `RandomHorizontalFlip()` do before
/// `Normalize`: what moves in is black, that is −mean / deviation for the network. A mirrored digit is
/// no digit any more: flips are for photographs.
public struct Augmentation: Equatable, Sendable {
  /// Whether images are mirrored.
  public let flip: Bool
  /// Pixels of padding; 0: nothing is cut.
  public let crop: Int
  /// The key of the random choices.
  public let seed: UInt64

  /// An augmentation.
  ///
  /// - Precondition: `crop` is not negative.
  public init(flip: Bool, crop: Int, seed: UInt64) {
    precondition(crop >= 0, "images cannot be padded by \(crop) pixels")
    self.flip = flip
    self.crop = crop
    self.seed = seed
  }

  /// Images stay as they are.
  public static let none = Augmentation(flip: false, crop: 0, seed: 0)

  /// The augmentation of an inner step; nil where images stay as they are.
  public subscript(step step: Int) -> AugmentationStep? {
    flip || crop > 0 ? AugmentationStep(augmentation: self, step: step) : nil
  }
}

/// The random changes of one inner step's images.
public struct AugmentationStep: Equatable, Sendable {
  let augmentation: Augmentation
  let step: Int

  /// Which pixels make an image of this step.
  ///
  /// One block of random words an image: the first decides over the mirror image, the next two over
  /// the place; no place is more likely than another by more than 2⁻³².
  ///
  /// - Parameter image: its number in the data set.
  func placement(of image: Int) -> ImagePlacement {
    var stream = RandomStream(
      seed: augmentation.seed, purpose: .augmentation, step: step, block: UInt32(image))
    let (coin, down, right) = (stream.word(), stream.word(), stream.word())
    return ImagePlacement(
      isMirrored: augmentation.flip && coin & 1 == 1, down: shift(down), right: shift(right))
  }

  private func shift(_ word: UInt32) -> Int {
    let places = UInt32(2 * augmentation.crop + 1)
    return Int(word.multipliedFullWidth(by: places).high) - augmentation.crop
  }
}
