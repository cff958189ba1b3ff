// SPDX-License-Identifier: Apache-2.0
// In: the cycles that ridley-card-sim asks for. Out: a Verilated design with the ports of
// ridley_card, as the shared object that an xclbin for the simulated card carries. The build says
// which design: RIDLEY_MODEL_HEADER, RIDLEY_MODEL_CLASS, RIDLEY_MODEL_CLOCK_HZ.
#include "xrt_sim/model.h"

#include <verilated.h>
#ifdef RIDLEY_MODEL_WAVE
#include <verilated_fst_c.h>
#endif
#ifdef RIDLEY_MODEL_COVERAGE
#include "coverage.hpp"
#endif

#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#include "xrt_sim/rtl_commit.h"
#include RIDLEY_MODEL_HEADER

namespace {

using Design = RIDLEY_MODEL_CLASS;

constexpr std::uint32_t kPorts = RIDLEY_MODEL_PORTS;
constexpr int kResetCycles = 16;
// From a write to its answer. Writes are posted on PCI Express: the bridge in the card answers for
// them, not the host.
constexpr std::uint64_t kAnswerCycles = 12;
// As many writes wait for their answers as come in one a cycle meanwhile.
constexpr std::size_t kWaitingMax = 32;
static_assert(kWaitingMax > kAnswerCycles);

class Model {
 public:
  explicit Model(const ridley_model_memory& memory) : memory_{memory} {
    begin_wave();
    design_.rtl_commit_i = RIDLEY_RTL_COMMIT;
    design_.rst_i = 1;
    const ridley_model_cycle nothing{};
    for (int i = 0; i < kResetCycles; ++i) cycle(nothing);
    design_.rst_i = 0;
    cycle(nothing);
  }
  ~Model() {
    design_.final();
    end_wave();
#ifdef RIDLEY_MODEL_COVERAGE
    ridley::card::write_coverage(context_, RIDLEY_MODEL_COVERAGE);
#endif
  }
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  int begin_access(const ridley_model_access& access) {
    if (under_way_) return -1;
    under_way_ = true;
    is_write_ = access.is_write != 0;
    if (is_write_) {
      put(access.address, design_.s_axil_awaddr_i);
      design_.s_axil_wdata_i = access.value;
      design_.s_axil_wstrb_i = 0xF;
      design_.s_axil_awvalid_i = design_.s_axil_wvalid_i = design_.s_axil_bready_i = 1;
    } else {
      put(access.address, design_.s_axil_araddr_i);
      design_.s_axil_arvalid_i = design_.s_axil_rready_i = 1;
    }
    return 0;
  }

  void abandon_access() {
    under_way_ = false;
    design_.s_axil_awvalid_i = design_.s_axil_wvalid_i = design_.s_axil_arvalid_i = 0;
  }

  [[nodiscard]] ridley_model_answer answer() const { return answer_; }

  std::uint32_t cycle(const ridley_model_cycle& inputs) {
    drive(inputs);
    design_.clk_i = 0;
    design_.eval();
    dump(2 * cycles_);
    // What was said before the edge counts; it changes the inputs behind the edge.
    const Handshakes taken = handshakes();
    const std::uint32_t outcome = take_memory(taken) | take_access(taken);
    design_.clk_i = 1;
    design_.eval();
    dump(2 * cycles_ + 1);
    settle(taken);
    ++cycles_;
    return outcome;
  }

 private:
  struct Handshakes {
    bool lite_address, lite_data, lite_response, lite_read_address, lite_read_data;
    bool address, data, response;
  };
  struct Waiting {
    std::uint64_t due_cycle;
    std::uint8_t response;
  };

  // Verilator gives a port the smallest type that holds its bits.
  template <typename Port>
  static void put(std::uint64_t value, Port& port) {
    port = static_cast<Port>(value);
  }

  void drive(const ridley_model_cycle& inputs) {
    design_.time_i = inputs.time_ns;
    drive_port(inputs.beats[0], design_.rx0_data_i, design_.rx0_keep_i, design_.rx0_valid_i,
               design_.rx0_last_i, design_.rx0_bad_i);
    drive_port(inputs.beats[1], design_.rx1_data_i, design_.rx1_keep_i, design_.rx1_valid_i,
               design_.rx1_last_i, design_.rx1_bad_i);
    // Both channels of a write are taken as they come; the room is for the answers.
    design_.m_axi_awready_i = !address_held_ && waiting_count_ < kWaitingMax;
    design_.m_axi_wready_i = !data_held_ && waiting_count_ < kWaitingMax;
    const bool due = waiting_count_ != 0 && waiting_[waiting_first_].due_cycle <= cycles_;
    design_.m_axi_bvalid_i = due;
    design_.m_axi_bresp_i = due ? waiting_[waiting_first_].response : 0;
  }

  template <typename Data>
  static void drive_port(const ridley_model_beat& beat, Data& data, CData& keep, CData& valid,
                         CData& last, CData& bad) {
    put(beat.data, data);
    keep = beat.keep;
    valid = beat.valid;
    last = beat.last;
    bad = beat.bad;
  }

  [[nodiscard]] Handshakes handshakes() const {
    const Design& at = design_;
    return {.lite_address = at.s_axil_awvalid_i && at.s_axil_awready_o,
            .lite_data = at.s_axil_wvalid_i && at.s_axil_wready_o,
            .lite_response = at.s_axil_bvalid_o && at.s_axil_bready_i,
            .lite_read_address = at.s_axil_arvalid_i && at.s_axil_arready_o,
            .lite_read_data = at.s_axil_rvalid_o && at.s_axil_rready_i,
            .address = at.m_axi_awvalid_o && at.m_axi_awready_i,
            .data = at.m_axi_wvalid_o && at.m_axi_wready_i,
            .response = at.m_axi_bvalid_i && at.m_axi_bready_o};
  }

  std::uint32_t take_access(const Handshakes& taken) {
    const bool over = under_way_ && (is_write_ ? taken.lite_response : taken.lite_read_data);
    if (!over) return 0;
    answer_ = is_write_ ? ridley_model_answer{0, design_.s_axil_bresp_o}
                        : ridley_model_answer{design_.s_axil_rdata_o, design_.s_axil_rresp_o};
    under_way_ = false;
    return RIDLEY_MODEL_ANSWERED;
  }

  std::uint32_t take_memory(const Handshakes& taken) {
    if (taken.response) {
      waiting_first_ = (waiting_first_ + 1) % kWaitingMax;
      --waiting_count_;
    }
    if (taken.address) {
      address_held_ = true;
      address_ = design_.m_axi_awaddr_o;
    }
    if (taken.data) {
      data_held_ = true;
      strobe_ = design_.m_axi_wstrb_o;
      // Verilator keeps wide ports in words of 32 bits, the lowest first, as the bytes lie.
      std::memcpy(bytes_.data(), &design_.m_axi_wdata_o, bytes_.size());
    }
    if (address_held_ && data_held_) write();
    const bool stands = design_.m_axi_awvalid_o != 0 || design_.m_axi_wvalid_o != 0;
    return stands || waiting_count_ != 0 ? RIDLEY_MODEL_WRITES : 0;
  }

  void write() {
    address_held_ = data_held_ = false;
    const std::uint32_t response = memory_.write(memory_.owner, address_, bytes_.data(), strobe_);
    waiting_[(waiting_first_ + waiting_count_) % kWaitingMax] = {
        cycles_ + kAnswerCycles, static_cast<std::uint8_t>(response)};
    ++waiting_count_;
  }

  void settle(const Handshakes& taken) {
    if (taken.lite_address) design_.s_axil_awvalid_i = 0;
    if (taken.lite_data) design_.s_axil_wvalid_i = 0;
    if (taken.lite_read_address) design_.s_axil_arvalid_i = 0;
    if (taken.lite_response) design_.s_axil_bready_i = 0;
    if (taken.lite_read_data) design_.s_axil_rready_i = 0;
  }

#ifdef RIDLEY_MODEL_WAVE
  // A time of a waveform is half a cycle.
  void begin_wave() {
    context_.traceEverOn(true);
    design_.trace(&wave_, kWaveLevels);
    const char* file = std::getenv("RIDLEY_CARD_WAVE");
    if (file != nullptr) wave_.open(file);
  }
  void dump(std::uint64_t time) {
    if (wave_.isOpen()) wave_.dump(time);
  }
  void end_wave() {
    if (wave_.isOpen()) wave_.close();
  }
  static constexpr int kWaveLevels = 99;
  VerilatedFstC wave_;
#else
  void begin_wave() {}
  void dump(std::uint64_t) {}
  void end_wave() {}
#endif

  ridley_model_memory memory_;
  VerilatedContext context_;
  Design design_{&context_, "card"};
  std::uint64_t cycles_ = 0;

  bool under_way_ = false;
  bool is_write_ = false;
  ridley_model_answer answer_{};

  bool address_held_ = false;
  bool data_held_ = false;
  std::uint64_t address_ = 0;
  std::uint64_t strobe_ = 0;
  std::array<std::uint8_t, RIDLEY_MODEL_WRITE_BYTES> bytes_{};
  std::array<Waiting, kWaitingMax> waiting_{};
  std::size_t waiting_first_ = 0;
  std::size_t waiting_count_ = 0;
};

static_assert(sizeof(Design::m_axi_wdata_o) == RIDLEY_MODEL_WRITE_BYTES);
static_assert(kPorts == 2);

struct Created {
  explicit Created(const ridley_model_memory& memory) : model{memory} {}
  Model model;
  ridley_model table{};
};

Created& of(void* self) { return *static_cast<Created*>(self); }

}  // namespace

#define RIDLEY_EXPORTED __attribute__((visibility("default")))

extern "C" RIDLEY_EXPORTED std::uint32_t ridley_model_abi(void) { return RIDLEY_MODEL_ABI; }

extern "C" RIDLEY_EXPORTED const ridley_model* ridley_model_create(
    const ridley_model_memory* memory) {
  auto* created = new (std::nothrow) Created{*memory};
  if (created == nullptr) return nullptr;
  created->table = {
      .abi = RIDLEY_MODEL_ABI,
      .stream_bits = 8 * sizeof(Design::rx0_data_i),
      .clock_hz = RIDLEY_MODEL_CLOCK_HZ,
      .reserved = 0,
      .self = created,
      .destroy = [](void* self) { delete static_cast<Created*>(self); },
      .begin_access =
          [](void* self, const ridley_model_access* access) {
            return of(self).model.begin_access(*access);
          },
      .answer = [](void* self, ridley_model_answer* to) { *to = of(self).model.answer(); },
      .abandon_access = [](void* self) { of(self).model.abandon_access(); },
      .cycle = [](void* self,
                  const ridley_model_cycle* inputs) { return of(self).model.cycle(*inputs); }};
  return &created->table;
}
