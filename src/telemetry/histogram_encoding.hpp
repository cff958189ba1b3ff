// SPDX-License-Identifier: Apache-2.0
// In: counts. Out: the compressed V2 text that every HdrHistogram tool reads ("HISTFAAA..."), and
// back. Cold.
#pragma once

#include <string>
#include <string_view>

#include "telemetry/histogram_values.hpp"

namespace ridley::telemetry {

// ZigZag LEB128 counts, deflated, in base64.
[[nodiscard]] std::string encode(const HistogramValues& values);

// Throws base::Error (EX_DATAERR) with the reason when the text is not such a histogram. Memory is
// bounded at 4 MB, whatever the text claims.
[[nodiscard]] HistogramValues decode_histogram(std::string_view text);

}  // namespace ridley::telemetry
