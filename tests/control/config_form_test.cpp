// SPDX-License-Identifier: Apache-2.0
// config_form.cpp
#include <gtest/gtest.h>

#include "control/config_table.hpp"

namespace ridley::control {
namespace {

bool fits(Form form, std::string_view text) { return form_fault(form, text).empty(); }

TEST(ConfigForm, KnowsMulticastAddresses) {
  EXPECT_TRUE(fits(Form::Multicast, "224.0.0.0"));
  EXPECT_TRUE(fits(Form::Multicast, "239.255.255.255"));
  EXPECT_FALSE(fits(Form::Multicast, "223.255.255.255"));
  EXPECT_FALSE(fits(Form::Multicast, "240.0.0.0"));
  EXPECT_FALSE(fits(Form::Multicast, "233.54.12"));
  EXPECT_FALSE(fits(Form::Multicast, "233.54.12.256"));
}

TEST(ConfigForm, KnowsAddressesAndNetworks) {
  EXPECT_TRUE(fits(Form::Address, ""));
  EXPECT_TRUE(fits(Form::Address, "192.0.2.1"));
  EXPECT_FALSE(fits(Form::Address, "192.0.2.1/24"));
  EXPECT_TRUE(fits(Form::Network, ""));
  EXPECT_TRUE(fits(Form::Network, "192.0.2.10/24"));
  EXPECT_FALSE(fits(Form::Network, "192.0.2.10"));
}

TEST(ConfigForm, KnowsSymbols) {
  EXPECT_TRUE(fits(Form::Symbol, "BRK.B"));
  EXPECT_TRUE(fits(Form::Symbol, "ZVZZT"));
  EXPECT_FALSE(fits(Form::Symbol, "aapl"));
  EXPECT_FALSE(fits(Form::Symbol, "A B"));
}

TEST(ConfigForm, KnowsNamesHostsFoldersAndParticipants) {
  EXPECT_TRUE(fits(Form::Name, "desk-2_a.b"));
  EXPECT_FALSE(fits(Form::Name, "desk/2"));
  EXPECT_TRUE(fits(Form::Host, "ny4.example.com"));
  EXPECT_TRUE(fits(Form::Host, "2001:db8::1"));
  EXPECT_FALSE(fits(Form::Host, "a b"));
  EXPECT_TRUE(fits(Form::Endpoint, "ny4.example.com:26477"));
  EXPECT_TRUE(fits(Form::Endpoint, "2001:db8::1:65535"));
  EXPECT_TRUE(fits(Form::Endpoint, ""));
  EXPECT_FALSE(fits(Form::Endpoint, "host:65536"));
  EXPECT_FALSE(fits(Form::Endpoint, "host:5x"));
  EXPECT_TRUE(fits(Form::Folder, "/run/ridley"));
  EXPECT_FALSE(fits(Form::Folder, "run"));
  EXPECT_TRUE(fits(Form::Mpid, "RDL1"));
  EXPECT_FALSE(fits(Form::Mpid, "Rdl1"));
  EXPECT_FALSE(fits(Form::Alphanumeric, "a b"));
}

TEST(ConfigForm, TakesNothingThatCannotBePrinted) {
  EXPECT_FALSE(fits(Form::Text, "a\x01"));
  EXPECT_FALSE(fits(Form::Text, "\xC3\xA4"));
  EXPECT_FALSE(fits(Form::Folder, "/a\n"));
}

}  // namespace
}  // namespace ridley::control
