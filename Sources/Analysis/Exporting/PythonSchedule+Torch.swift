import Hypergradients

extension PythonSchedule {
  /// The module for PyTorch.
  var torch: String {
    """
    # \(origin), for PyTorch.
    #
    #     optimizer = make_optimizer(model)
    #     for step in range(STEPS):
    #         set_hyperparameters(optimizer, step)
    #         optimizer.zero_grad()
    #         loss_of(model, step).backward()
    #         optimizer.step()
    #
    # Or, for the learning rate alone:
    #     torch.optim.lr_scheduler.LambdaLR(optimizer, learning_rate_factor)

    \(imports)

    \(tables)


    def hyperparameters(step, layer=None):
        \"""The arguments of torch.optim.\(constructor) in a step, counted from 0.\"""
        return {
    \(arguments)
        }


    def learning_rate_factor(step):
        \"""The learning rate over that of step 0, the first layer's where each has its own.\"""
        layer = LAYERS[0] if LAYERS else None
        return at("learning-rate", step, layer) / at("learning-rate", 0, layer)


    def make_optimizer(model):
        \"""torch.optim.\(constructor) with the values of step 0; a group for each of LAYERS.\"""
        import torch

        if not LAYERS:
            return torch.optim.\(constructor)(model.parameters(), **hyperparameters(0))
        groups = []
        for layer in LAYERS:
            parameters = [
                parameter
                for name, parameter in model.named_parameters()
                if name.rpartition(".")[0] == layer
            ]
            groups.append({"layer": layer, "params": parameters, **hyperparameters(0, layer)})
        return torch.optim.\(constructor)(groups)


    def set_hyperparameters(optimizer, step):
        \"""Gives the optimizer the values of a step; call it before optimizer.step().\"""
        for group in optimizer.param_groups:
            group.update(hyperparameters(step, group.get("layer")))

    """
  }

  private var constructor: String {
    switch optimizer {
    case .sgd: "SGD"
    case .adam: "Adam"
    case .adamW: "AdamW"
    }
  }

  private var arguments: String {
    switch optimizer {
    case .sgd:
      """
              "lr": at("learning-rate", step, layer),
              "momentum": at("momentum", step, layer),
              "weight_decay": at("weight-decay", step, layer),
      """
    case .adam, .adamW:
      """
              "lr": at("learning-rate", step, layer),
              "betas": (at("beta1", step, layer), at("beta2", step, layer)),
              "eps": at("epsilon", step, layer),
              "weight_decay": at("weight-decay", step, layer),
      """
    }
  }
}
