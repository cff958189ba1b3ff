# SPDX-License-Identifier: Apache-2.0
# Not run: needs Vivado 2022.1 or later.
# In: the folder of sources that build.sh put together, and where to write. Out: ridley_card.xo, the
# card as a user-managed RTL kernel. The steps are those of UG1393, "Packaging RTL Kernels": package
# the project as an IP, describe its interfaces, package_xo.
#   vivado -mode batch -source package.tcl -tclargs SOURCES OUTPUT RING_ADDRESS_OFFSET
lassign $argv sources output ring_address_offset
set part xcu50-fsvh2104-2-e
set here [file dirname [file normalize [info script]]]

create_project -force ridley_card $output/project -part $part
add_files [glob $sources/*.sv]
add_files -fileset constrs_1 $here/ridley_card_kernel.xdc

# The MACs, PG210: four cores of 10GBASE-R with 64-bit streams in the quad of the QSFP28 cage
# (UG1371). The names of parameters and ports are those of xxv_ethernet 4.1; what the installed
# version calls otherwise, the readback below says.
create_ip -name xxv_ethernet -vendor xilinx.com -library ip -module_name ridley_xxv
set mac_settings [list \
  CONFIG.CORE {Ethernet MAC+PCS/PMA 64-bit} \
  CONFIG.BASE_R_KR {BASE-R} \
  CONFIG.LINE_RATE {10} \
  CONFIG.NUM_OF_CORES {4} \
  CONFIG.INCLUDE_AXI4_INTERFACE {0} \
  CONFIG.INCLUDE_SHARED_LOGIC {1} \
  CONFIG.GT_REF_CLK_FREQ {161.1328125} \
  CONFIG.GT_DRP_CLK {100.00} \
  CONFIG.GT_GROUP_SELECT {Quad_X0Y7} \
  CONFIG.LANE1_GT_LOC {X0Y28} \
  CONFIG.LANE2_GT_LOC {X0Y29} \
  CONFIG.LANE3_GT_LOC {X0Y30} \
  CONFIG.LANE4_GT_LOC {X0Y31} \
]
set_property -dict $mac_settings [get_ips ridley_xxv]
foreach {name value} $mac_settings {
  if {[get_property $name [get_ips ridley_xxv]] != $value} {
    error "ridley_xxv: $name is [get_property $name [get_ips ridley_xxv]], not $value"
  }
}
generate_target all [get_ips ridley_xxv]
set_property top ridley_card_kernel [current_fileset]
update_compile_order -fileset sources_1

ipx::package_project -root_dir $output/ip -vendor ridley -library kernel -taxonomy /KernelIP \
  -import_files
set core [ipx::current_core]
set_property -dict [list name ridley_card version 1.0 sdx_kernel true sdx_kernel_type rtl \
  xpm_libraries {XPM_CDC XPM_MEMORY XPM_FIFO}] $core
set_property supported_families {virtexuplusHBM Production} $core
set_property vitis_drc {ctrl_protocol user_managed} $core
set_property ipi_drc {ignore_freq_hz true} $core

# Both AXI ports run in ap_clk (UG1393, "Kernel Interface Requirements").
foreach interface {s_axi_control m00_axi} {
  ipx::associate_bus_interfaces -busif $interface -clock ap_clk $core
}
ipx::associate_bus_interfaces -clock ap_clk -reset ap_rst_n $core

# One register is named to Vitis: that of the address through which the kernel reaches the memory
# behind m00_axi. Without it v++ has nothing to join that port to. All others are the host's own.
set block [ipx::get_address_blocks reg0 \
  -of_objects [ipx::get_memory_maps s_axi_control -of_objects $core]]
set_property range 4096 $block
set register [ipx::add_register ring_address $block]
set_property address_offset $ring_address_offset $register
set_property size 64 $register
set_property value m00_axi [ipx::add_register_parameter ASSOCIATED_BUSIF $register]

# The cage and its reference clock, as interfaces of the kinds that the platform offers.
proc join_interface {core name kind mode pins} {
  set interface [ipx::add_bus_interface $name $core]
  set_property bus_type_vlnv xilinx.com:interface:$kind:1.0 $interface
  set_property abstraction_type_vlnv xilinx.com:interface:${kind}_rtl:1.0 $interface
  set_property interface_mode $mode $interface
  foreach {logical physical} $pins {
    set_property physical_name $physical [ipx::add_port_map $logical $interface]
  }
}
join_interface $core gt_serial_port gt master \
  {GRX_P gt_rxp GRX_N gt_rxn GTX_P gt_txp GTX_N gt_txn}
join_interface $core gt_refclk diff_clock slave {CLK_P gt_refclk_p CLK_N gt_refclk_n}

ipx::create_xgui_files $core
ipx::update_checksums $core
ipx::check_integrity -kernel -xrt $core
ipx::save_core $core
package_xo -force -xo_path $output/ridley_card.xo -kernel_name ridley_card \
  -ip_directory $output/ip -ctrl_protocol user_managed
close_project
