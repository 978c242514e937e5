import Differentiation
import Foundation
import Networks
import Tensors

func run<N: Scalar>(_: N.Type) {
  let net = LeNet()
  let K = 3
  let theta = Jet<N>(count: net.parameters.count, tangentCount: K)
  for i in 0..<theta.storage.count { theta.storage.pointer[i] = N(sin(Double(i * i % 1003))) * 0.1 }
  let grad = Jet<N>(count: net.parameters.count, tangentCount: K)
  let shard = ShardTape<N>(net, count: 16, scale: 1.0 / 128, passes: .tangents)
  for i in 0..<shard.images.count { shard.images.value[i] = N(cos(Double(i * 7 % 211))) }
  for i in 0..<16 { shard.labels.pointer[i] = Int32(i % 10) }
  shard.tape.bind(parameters: theta)
  func time(_ name: String, _ body: () -> Void) {
    body()
    var best = 1e9
    for _ in 0..<15 {
      let t = DispatchTime.now().uptimeNanoseconds
      for _ in 0..<20 { body() }
      best = min(best, Double(DispatchTime.now().uptimeNanoseconds - t) / 20e9)
    }
    print(name, best * 1e6, "us")
  }
  time("value") { shard.tape.replay() }
  time("plain") {
    shard.tape.replay()
    shard.tape.pullback(into: grad.storage.pointer)
  }
  time("columns") {
    shard.tape.replay()
    shard.tape.pullback(into: grad.storage.pointer)
    for k in 0..<K {
      shard.tape.differentiate(along: k, of: theta, into: grad.storage.pointer + (k + 1) * grad.stride)
    }
  }
  print("arena", shard.tape.arenaCount * 4, grad.primal[5], grad.tangent(1)[7])
}
run(Float.self)
if CommandLine.arguments.count > 1 { run(Double.self) }
