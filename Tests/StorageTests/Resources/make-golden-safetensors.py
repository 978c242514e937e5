"""Writes golden.safetensors with Python's safetensors: python3 make-golden-safetensors.py

Made with safetensors 0.8.0 and torch 2.13.0. One tensor of each type that is read.
"""
import torch
from safetensors.torch import save_file

save_file(
    {
        "double": torch.tensor([[1.0, -2.5, 1e-300], [0.1, 3.0, -0.0]], dtype=torch.float64),
        "float": torch.tensor([0.1, -1.5, 3e38], dtype=torch.float32),
        "half": torch.tensor([0.5, -65504.0], dtype=torch.float16),
        "brain": torch.tensor([1.0, -0.0078125], dtype=torch.bfloat16),
        "scalar": torch.tensor(7.25, dtype=torch.float32),
        "none": torch.zeros(0, 4),
    },
    "golden.safetensors",
    metadata={"made-by": "safetensors"},
)
