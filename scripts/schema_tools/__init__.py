# SPDX-License-Identifier: Apache-2.0
"""Reads the schema, checks it and writes the files that are made from it."""
