// SPDX-License-Identifier: Apache-2.0
// The shortest configuration that is right, for tests that change one thing in it.
#pragma once

#include <string>
#include <string_view>

namespace ridley::test {

inline constexpr std::string_view kSampleConfig = R"([feed]
port = "net_pcap0,rx_pcap=morning.pcap"
groups = [{ group = "233.54.12.111", port = 26477 }]

[order]
host = "192.0.2.20"
port = 26400
username = "RIDLEY"
password = "secret"
firm = "RDLY"

[strategy]
object = "imbalance_taker"
symbols = ["AAPL", "MSFT"]

[risk]
limits_version = 1
max_order_quantity = 1_000
max_order_notional_usd = 250_000
message_rate = 1_000
message_burst = 100
max_gross_notional_usd = 5_000_000
max_open_orders = 200
position_limit_long = 10_000
position_limit_short = 10_000
)";

// The sample with one piece of text put in the place of another.
inline std::string sample_with(std::string_view was, std::string_view is) {
  std::string text{kSampleConfig};
  return text.replace(text.find(was), was.size(), is);
}

}  // namespace ridley::test
