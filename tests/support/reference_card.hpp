// SPDX-License-Identifier: Apache-2.0
// What a card is held to in tests: the software's own records of the same frames.
#pragma once

#include "control/card_records.hpp"

namespace ridley::test {

using ExpectedRecord = card::GoldenRecord;
using ReferenceCard = control::CardRecords;

}  // namespace ridley::test
