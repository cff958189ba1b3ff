# SPDX-License-Identifier: Apache-2.0
"""The report of a trading session: what both sides counted, compared and drawn."""
