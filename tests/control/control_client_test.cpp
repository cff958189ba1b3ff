// SPDX-License-Identifier: Apache-2.0
// The client against ends that are no appliance; with one it is tested in control_socket_test.cpp.
#include "control/control_client.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstdlib>
#include <thread>

#include "base/descriptor.hpp"
#include "base/error.hpp"

namespace ridley::control {
namespace {

using namespace std::chrono_literals;

class Impostor : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/ridley_client_XXXXXX";
    ASSERT_NE(mkdtemp(name), nullptr);
    folder_ = name;
    path_ = folder_ / "s";
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.native().copy(address.sun_path, sizeof address.sun_path - 1);
    listener_ = base::Descriptor{::socket(AF_UNIX, SOCK_STREAM, 0)};
    ASSERT_EQ(::bind(listener_.number(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(listener_.number(), 1), 0);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // What the client makes of an end that says this and closes.
  int exit_code_after(std::string_view said) {
    std::thread impostor{[&] {
      const base::Descriptor client{::accept(listener_.number(), nullptr, nullptr)};
      char bytes[256];
      (void)!::recv(client.number(), bytes, sizeof bytes, 0);
      (void)!::send(client.number(), said.data(), said.size(), MSG_NOSIGNAL);
    }};
    int exit_code = 0;
    try {
      (void)ask(path_, {}, 5s);
    } catch (const base::Error& error) {
      exit_code = error.exit_code();
    }
    impostor.join();
    return exit_code;
  }

  std::filesystem::path folder_;
  std::filesystem::path path_;
  base::Descriptor listener_;
};

TEST_F(Impostor, ThatSaysNothingIsUnavailable) { EXPECT_EQ(exit_code_after(""), EX_UNAVAILABLE); }
TEST_F(Impostor, ThatStopsInTheMiddleIsUnavailable) {
  EXPECT_EQ(exit_code_after("{\"ok\":true"), EX_UNAVAILABLE);
}
TEST_F(Impostor, ThatTalksNonsenseIsAProtocolError) {
  EXPECT_EQ(exit_code_after("220 smtp ready\n"), EX_PROTOCOL);
}
TEST_F(Impostor, ThatAnswersIsBelieved) {
  EXPECT_EQ(exit_code_after("{\"ok\":true,\"result\":{}}\n"), 0);
}

TEST(ControlClient, RefusesAPathThatNoAddressHolds) {
  try {
    (void)ask("/" + std::string(107, 'x'), {}, 1s);
    ADD_FAILURE();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), EX_USAGE);
  }
}

}  // namespace
}  // namespace ridley::control
