# SPDX-License-Identifier: Apache-2.0
# Not run: needs Vivado 2022.1 or later.
# What the kernel adds to the constraints of the platform and of its parts. Pins and the reference
# clock are the platform's; the transceivers' places and clocks are those of the MAC's own
# constraints (PG210); xpm_fifo_async brings the exceptions of its crossings (UG974), and a
# set_clock_groups here would overrule them (UG903).

# The reset is taken over into free_clk by two registers.
set_false_path -to [get_pins -hierarchical -filter {NAME =~ *free_rst_q_reg[0]/D}]

# The cage's transceivers are in the upper super logic region, SLR1 (to be seen in Vivado's device
# view): what stands beside them stays there.
set_property USER_SLR_ASSIGNMENT SLR1 [get_cells -hierarchical -filter \
  {REF_NAME =~ ridley_stream_crossing* || ORIG_REF_NAME =~ ridley_stream_crossing*}]
