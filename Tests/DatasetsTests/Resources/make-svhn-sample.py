#!/usr/bin/env python3
"""Writes svhn-sample.mat: three images in the form of SVHN's train_32x32.mat.

  python3 make-svhn-sample.py [FILE]      made with scipy 1.17.1 and numpy 2.4.6

Invented pixels, (7 row + 3 column + 50 channel + 11 image) mod 256, and the labels 10, 1, 9. What
writes it is not libmatio, which reads it: an independent check of the order of the indices.
"""

import sys
from pathlib import Path

import numpy
import scipy.io

row, column, channel, image = numpy.indices((32, 32, 3, 3))
path = sys.argv[1] if len(sys.argv) > 1 else Path(__file__).with_name("svhn-sample.mat")
scipy.io.savemat(
    path,
    {
        "X": ((7 * row + 3 * column + 50 * channel + 11 * image) % 256).astype(numpy.uint8),
        "y": numpy.array([[10], [1], [9]], dtype=numpy.uint8),
    },
    do_compression=True,
)
