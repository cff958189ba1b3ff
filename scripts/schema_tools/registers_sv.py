# SPDX-License-Identifier: Apache-2.0
"""The register map of the card for the hardware: a package of addresses, and the block that answers
on the AXI4-Lite port. Only what Verilator and yosys both read."""

from .model import camel
from .registers import WORD_BYTES
from .sv_messages import UNUSED_ENDS, UNUSED_IS_FINE


def _head(described, text):
    return ["// SPDX-License-Identifier: Apache-2.0",
            f"// Made from {described.file} by scripts/generate.py; never edited.", *text]


def sv_package(described):
    lines = _head(described, [f"// {described.title}: where each is, in bytes."])
    lines += ["package ridley_registers_pkg;", "", *UNUSED_IS_FINE,
              f"  localparam logic [63:0] MapHash = 64'h{described.hash:016x};",
              f"  localparam int unsigned MapBytes = {described.bytes};", ""]
    for one in described.registers:
        lines.append(f"  // {one.doc}")
        lines.append(f"  localparam int unsigned {camel(one.name)}At = 'h{one.at:x};")
    return "\n".join([*lines, "", *UNUSED_ENDS, "endpackage"]) + "\n"


def _answer(valid, taken, ready):
    """An answer stands from what was taken until the host has it."""
    return ["  always_ff @(posedge clk_i) begin", f"    if (rst_i) {valid} <= 1'b0;",
            f"    else if ({taken}) {valid} <= 1'b1;", f"    else if ({ready}) {valid} <= 1'b0;",
            "  end"]


class _Block:
    """The text of the block, part by part."""

    def __init__(self, described):
        self.described = described
        self.address_bits = (described.bytes - 1).bit_length()

    def at(self, address):
        return f"{self.address_bits - 2}'h{address // WORD_BYTES:x}"

    def members(self, access):
        """Each member by itself: (register, index, address of its first word)."""
        return [(one, index, address) for one in self.described.registers
                if one.access == access for index, address in enumerate(one.addresses())]

    @staticmethod
    def width(one):
        """An array is one vector, the first member lowest: yosys knows no other ones in ports."""
        return f"[{one.count * one.bits - 1}:0]"

    @staticmethod
    def member(name, one, index):
        return f"{name}[{index * one.bits} +: {one.bits}]" if one.count > 1 else name

    def head(self):
        return _head(self.described, [
            f"// {self.described.title} behind an AXI4-Lite port: one transfer at a time in each "
            "direction.",
            "// In: transfers, and what the card's blocks tell. Out: what the host wrote. A "
            "transfer to no",
            "// register, a write of a part of a word, or a write to what is only read is answered "
            "with SLVERR.",
            "// Latency: 1 cycle from both write channels, or from the read address, to the "
            "answer; throughput:",
            "// a transfer in two cycles."])

    def parameters(self):
        return ",\n".join(f"  parameter logic [{one.bits - 1}:0] {camel(one.name)} = '0"
                          for one in self.described.registers if one.access == "parameter")

    def ports(self):
        bits = self.address_bits - 1
        ports = ["input  logic clk_i", "input  logic rst_i",
                 f"input  logic [{bits}:0] awaddr_i", "input  logic awvalid_i",
                 "output logic awready_o", "input  logic [31:0] wdata_i",
                 "input  logic [3:0] wstrb_i", "input  logic wvalid_i", "output logic wready_o",
                 "output logic [1:0] bresp_o", "output logic bvalid_o", "input  logic bready_i",
                 f"input  logic [{bits}:0] araddr_i", "input  logic arvalid_i",
                 "output logic arready_o", "output logic [31:0] rdata_o",
                 "output logic [1:0] rresp_o", "output logic rvalid_o", "input  logic rready_i"]
        for one in self.described.registers:
            if one.access == "status":
                ports.append(f"input  logic {self.width(one)} {one.name}_i")
            if one.access == "control":
                ports.append(f"output logic {self.width(one)} {one.name}_o")
            if one.access == "command":
                ports.append(f"output logic {self.width(one)} {one.name}_o")
                ports.append(f"output logic {one.name}_valid_o")
        return ",\n".join(f"  {port}" for port in ports)

    def writes(self):
        written = [entry for access in ("control", "command") for entry in self.members(access)]
        lines = ["  // Writes: both channels are taken together.",
                 "  logic write_taken, write_known, write_good, bvalid_q;",
                 "  logic [1:0] bresp_q;",
                 f"  logic [{self.address_bits - 3}:0] write_at;",
                 "  assign write_taken = awvalid_i && wvalid_i && !bvalid_q;",
                 f"  assign write_at = awaddr_i[{self.address_bits - 1}:2];",
                 "  assign write_good = write_taken && write_known && wstrb_i == 4'hf;",
                 "  assign awready_o = write_taken;", "  assign wready_o = write_taken;",
                 "  assign bvalid_o = bvalid_q;", "  assign bresp_o = bresp_q;", "",
                 "  always_comb begin", "    unique case (write_at)"]
        known = [self.at(address + word * WORD_BYTES)
                 for one, _, address in written for word in range(one.words)]
        for start in range(0, len(known), 8):
            comma = "," if start + 8 < len(known) else ": write_known = 1'b1;"
            lines.append("      " + ", ".join(known[start:start + 8]) + comma)
        lines += ["      default: write_known = 1'b0;", "    endcase", "  end", "",
                  *_answer("bvalid_q", "write_taken", "bready_i"),
                  "  // No reset: bvalid_q guards it.",
                  "  always_ff @(posedge clk_i)",
                  "    if (write_taken) bresp_q <= write_good ? 2'b00 : 2'b10;", "",
                  "  // The low word of 64 bits waits for the high one.",
                  "  logic [31:0] low_q;",
                  "  always_ff @(posedge clk_i) if (write_good) low_q <= wdata_i;", ""]
        return lines

    def controls(self):
        lines = []
        for one in self.described.registers:
            if one.access != "control":
                continue
            lines.append(f"  logic {self.width(one)} {one.name}_q;")
            lines.append(f"  assign {one.name}_o = {one.name}_q;")
            for index, address in enumerate(one.addresses()):
                held = self.member(f"{one.name}_q", one, index)
                last = address + (one.words - 1) * WORD_BYTES
                new = f"wdata_i[{one.bits - 1}:0]" if one.bits <= 32 else "{wdata_i, low_q}"
                lines += ["  always_ff @(posedge clk_i) begin",
                          f"    if (rst_i) {held} <= '0;",
                          f"    else if (write_good && write_at == {self.at(last)}) "
                          f"{held} <= {new};", "  end"]
            lines.append("")
        for one, _, address in self.members("command"):
            lines += [f"  logic [{one.bits - 1}:0] {one.name}_q;", f"  logic {one.name}_valid_q;",
                      f"  assign {one.name}_o = {one.name}_q;",
                      f"  assign {one.name}_valid_o = {one.name}_valid_q;",
                      "  always_ff @(posedge clk_i) begin",
                      f"    if (rst_i) {one.name}_valid_q <= 1'b0;",
                      f"    else {one.name}_valid_q <= write_good && write_at == "
                      f"{self.at(address)};", "  end",
                      f"  // No reset: {one.name}_valid_q guards it.",
                      f"  always_ff @(posedge clk_i) {one.name}_q <= "
                      f"wdata_i[{one.bits - 1}:0];", ""]
        return lines

    def source_of(self, one, index):
        if one.access == "constant":
            return f"64'h{self.described.value_of(one):x}" if one.bits == 64 else \
                f"{one.bits}'h{one.value:x}"
        name = {"parameter": camel(one.name), "status": f"{one.name}_i",
                "control": f"{one.name}_q"}[one.access]
        return self.member(name, one, index)

    def reads(self):
        lines = ["  // Reads: of 64 bits the high word is the one of the moment when the low one "
                 "was read.",
                 "  logic read_taken, read_known, read_high, rvalid_q;", "  logic [1:0] rresp_q;",
                 "  logic [63:0] read_value;", "  logic [31:0] rdata_q, high_q;",
                 "  assign read_taken = arvalid_i && !rvalid_q;",
                 "  assign arready_o = read_taken;",
                 "  assign rvalid_o = rvalid_q;", "  assign rresp_o = rresp_q;",
                 "  assign rdata_o = rdata_q;", "", "  always_comb begin",
                 "    read_known = 1'b1;", "    read_high = 1'b0;", "    read_value = '0;",
                 f"    unique case (araddr_i[{self.address_bits - 1}:2])"]
        for one in self.described.registers:
            for index, address in enumerate(one.addresses()):
                if one.access == "command":
                    lines.append(f"      {self.at(address)}: ;  // {one.name}")
                    continue
                value = self.source_of(one, index)
                if one.bits < 64:
                    value = f"{{{64 - one.bits}'d0, {value}}}"
                lines.append(f"      {self.at(address)}: read_value = {value};  // {one.name}")
        high = [self.at(address + WORD_BYTES) for one in self.described.registers
                if one.words == 2 for address in one.addresses()]
        for start in range(0, len(high), 8):
            comma = "," if start + 8 < len(high) else ": read_high = 1'b1;"
            lines.append("      " + ", ".join(high[start:start + 8]) + comma)
        lines += ["      default: read_known = 1'b0;", "    endcase", "  end", "",
                  *_answer("rvalid_q", "read_taken", "rready_i"),
                  "  // No reset: rvalid_q guards them, and a low word comes before its high one.",
                  "  always_ff @(posedge clk_i) begin", "    if (read_taken) begin",
                  "      rdata_q <= read_high ? high_q : read_value[31:0];",
                  "      rresp_q <= read_known ? 2'b00 : 2'b10;",
                  "      if (!read_high) high_q <= read_value[63:32];", "    end", "  end", ""]
        return lines

    def text(self):
        return "\n".join([
            *self.head(), "module ridley_registers #(", self.parameters(), ") (", self.ports(),
            ");", "", *self.writes(), *self.controls(), *self.reads(),
            "  // The two low address bits say nothing: words are whole.",
            "  logic unused_address_bits;",
            "  assign unused_address_bits = ^{awaddr_i[1:0], araddr_i[1:0]};", "",
            "endmodule"]) + "\n"


def sv_block(described):
    return _Block(described).text()
