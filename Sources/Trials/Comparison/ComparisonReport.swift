import Presentation
import Storage

/// What methods came to, side by side: tables for the screen, `compare.json` and `compare.csv`.
struct ComparisonReport {
  let results: TrialJob.Results
  let plan: ComparisonPlan
  let table: TrialTable

  /// A method with one start and one budget, over all seeds.
  struct Row {
    let budget: Budget
    let start: String
    let method: String
    /// Test accuracies; empty where the targets are not classes.
    var accuracies: [Double] = []
    var testLosses: [Double] = []
    var losses: [Double] = []
    var passes: [Double] = []
    var seconds: [Double] = []
    /// The seeds of which no trial finished.
    var failures = 0

    /// For `compare.json` and `compare.csv`.
    var json: JSONValue {
      [
        "budget": .string(budget.rawValue), "start": .string(start), "method": .string(method),
        "seeds": .integer(testLosses.count), "failed": .integer(failures),
        "test_accuracy": Self.number(Spread(of: accuracies)?.mean),
        "test_accuracy_sd": Self.number(Self.deviation(accuracies)),
        "test_loss": Self.number(Spread(of: testLosses)?.mean),
        "test_loss_sd": Self.number(Self.deviation(testLosses)),
        "validation_loss": Self.number(Spread(of: losses)?.mean),
        "validation_loss_sd": Self.number(Self.deviation(losses)),
        "passes": Self.number(Spread(of: passes)?.mean),
        "seconds": Self.number(Spread(of: seconds)?.mean),
      ]
    }

    private static func deviation(_ values: [Double]) -> Double? {
      values.count > 1 ? Spread(of: values)?.deviation : nil
    }

    private static func number(_ value: Double?) -> JSONValue {
      value.map { .number($0) } ?? .null
    }
  }

  /// Rows in the order of the tables.
  var rows: [Row] {
    var rows: [Row] = []
    for cell in plan.cells {
      let place = rows.firstIndex {
        $0.budget == cell.budget && $0.start == cell.start && $0.method == cell.method
      }
      if place == nil {
        rows.append(Row(budget: cell.budget, start: cell.start, method: cell.method))
      }
      add(cell, to: &rows[place ?? rows.count - 1])
    }
    return rows
  }

  /// The tables, one for each budget and start.
  var lines: [String] {
    let rows = rows
    let showsAccuracy =
      rows.allSatisfy(\.testLosses.isEmpty) || !rows.allSatisfy(\.accuracies.isEmpty)
    var lines: [String] = []
    for budget in Budget.allCases {
      for start in rows.filter({ $0.budget == budget }).map(\.start).distinct {
        let limit = plan.budgets.first { $0.start == start }.map {
          " (at most \(NumberText.brief($0.passes)) passes)"
        }
        lines.append(
          "equal \(budget.rawValue)" + (budget == .compute ? limit ?? "" : "")
            + (start.isEmpty ? "" : ", from \(start)"))
        lines += TextTable(
          header: [
            "method", showsAccuracy ? "test accuracy %" : "test loss", "validation loss", "passes",
            "seconds",
          ],
          rows: rows.filter { $0.budget == budget && $0.start == start }.map {
            Self.words($0, showsAccuracy: showsAccuracy)
          },
          leftAligned: [0]
        ).lines.map { "  " + $0 }
      }
    }
    let ranks = "\(results.ranks) rank(s) in \(NumberText.brief(results.seconds)) s"
    lines.append("idle: \(NumberText.brief(100 * results.idleShare)) % of \(ranks)")
    lines.append("results: \(results.store.folder.path)")
    return lines
  }

  /// The content of `compare.json` and of `summary.json`.
  var json: JSONValue {
    [
      "command": "compare", "rows": .array(rows.map(\.json)),
      "cells": .array(
        plan.cells.map { cell in
          [
            "budget": .string(cell.budget.rawValue), "start": .string(cell.start),
            "method": .string(cell.method), "seed": .string("\(cell.seed)"),
            "trial": best(of: cell).map { .integer(results.store.plan.trials[$0].number) }
              ?? .null,
            "trials": .array(
              plan.brackets[cell.bracket].trials.map {
                .integer(results.store.plan.trials[$0].number)
              }),
          ]
        }),
      "seconds": .number(results.seconds), "ranks": .integer(results.ranks),
      "idle_share": .number(results.idleShare),
    ]
  }

  private func add(_ cell: ComparisonPlan.Cell, to row: inout Row) {
    let trials = plan.brackets[cell.bracket].trials
    row.passes.append(trials.reduce(0) { $0 + table.passes(of: $1) })
    row.seconds.append(trials.reduce(0) { $0 + results.store.records[$1].seconds })
    guard let best = best(of: cell), let summary = results.store.records[best].summary,
      let testLoss = summary["test_loss"]?.double,
      let loss = results.store.records[best].lastScore?.loss
    else {
      row.failures += 1
      return
    }
    if let accuracy = summary["test_accuracy"]?.double { row.accuracies.append(accuracy) }
    row.testLosses.append(testLoss)
    row.losses.append(loss)
  }

  /// The trial that a cell shows: chosen on the validation set.
  private func best(of cell: ComparisonPlan.Cell) -> Int? {
    let trials = Set(plan.brackets[cell.bracket].trials)
    return table.finished.first { trials.contains($0) }
  }

  private static func words(_ row: Row, showsAccuracy: Bool) -> [String] {
    let failures = row.failures == 0 ? "" : " (\(row.failures) failed)"
    let shown = showsAccuracy ? spread(row.accuracies, times: 100) : spread(row.testLosses)
    return [
      row.method, (shown ?? "–") + failures,
      spread(row.losses) ?? "–",
      Spread(of: row.passes).map { NumberText.brief($0.mean) } ?? "–",
      Spread(of: row.seconds).map { NumberText.brief($0.mean) } ?? "–",
    ]
  }

  /// Mean and deviation in few digits, such as `87.3 ± 0.42`.
  static func spread(_ values: [Double], times factor: Double = 1) -> String? {
    guard let spread = Spread(of: values) else { return nil }
    let mean = NumberText.brief(factor * spread.mean)
    return values.count > 1 ? "\(mean) ± \(NumberText.brief(factor * spread.deviation))" : mean
  }
}

extension Sequence where Element: Hashable {
  /// Each element once, where it first stands.
  fileprivate var distinct: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
