// SPDX-License-Identifier: Apache-2.0
// Both ends of the control socket, the appliance in a process of its own where that matters.
#include "control/control_socket.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "base/error.hpp"
#include "control/control_client.hpp"

namespace ridley::control {
namespace {

using namespace std::chrono_literals;

int exit_code_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const base::Error& error) {
    return error.exit_code();
  }
  return 0;
}

class ControlSocketTest : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/ridley_socket_XXXXXX";
    ASSERT_NE(mkdtemp(name), nullptr);
    folder_ = name;
    path_ = folder_ / "control.sock";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // An appliance in another process. It is there when a byte has come through the pipe.
  pid_t start_appliance(Permissions permissions = Permissions::Owner) {
    int ready[2];
    EXPECT_EQ(::pipe(ready), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      bool stopped = false;
      Operations operations;
      operations.status = [] { return R"({"pid":)" + std::to_string(::getpid()) + "}"; };
      operations.kill = [](const Scope&) { throw base::Error::with_exit(EX_TEMPFAIL, "not now"); };
      operations.stop = [&] { stopped = true; };
      ControlSocket server{path_, permissions, std::move(operations)};
      (void)!::write(ready[1], "r", 1);
      while (!stopped) server.poll(1000ms);
      server.drain(1000ms);
      ::_exit(0);
    }
    char byte = 0;
    EXPECT_EQ(::read(ready[0], &byte, 1), 1);
    ::close(ready[0]);
    ::close(ready[1]);
    return child;
  }
  static int end_of(pid_t child) {
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return status;
  }
  Answer ask_for(Verb verb) { return ask(path_, {verb, {}, {}, {}}, 5s); }

  base::Descriptor connect() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.native().copy(address.sun_path, sizeof address.sun_path - 1);
    base::Descriptor descriptor{::socket(AF_UNIX, SOCK_STREAM, 0)};
    EXPECT_EQ(::connect(descriptor.number(), reinterpret_cast<sockaddr*>(&address), sizeof address),
              0);
    return descriptor;
  }

  std::filesystem::path folder_;
  std::filesystem::path path_;
};

TEST_F(ControlSocketTest, AnswersAnotherProcess) {
  const pid_t appliance = start_appliance();
  const Answer status = ask_for(Verb::Status);
  EXPECT_TRUE(status.ok);
  EXPECT_NE(status.result.find(std::to_string(appliance)), std::string::npos);
  const Answer kill = ask_for(Verb::Kill);
  EXPECT_EQ(kill.exit_code, EX_TEMPFAIL);
  EXPECT_EQ(kill.error, "not now");
  EXPECT_TRUE(ask_for(Verb::Stop).ok);
  EXPECT_EQ(end_of(appliance), 0);
}

TEST_F(ControlSocketTest, IsForItsOwnerOrItsGroupOnly) {
  for (const auto& [permissions, mode] :
       {std::pair{Permissions::Owner, 0600U}, std::pair{Permissions::Group, 0660U}}) {
    const ControlSocket server{path_, permissions, {}};
    struct stat status{};
    ASSERT_EQ(::stat(path_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, mode);
  }
}

TEST(ControlSocketPermission, GoesToOwnUserRootAndIfSoConfiguredGroup) {
  const Peer owner{1000, {50}, 1};
  EXPECT_TRUE(may_command({1000, {9}, 2}, owner, Permissions::Owner));
  EXPECT_TRUE(may_command({0, {0}, 2}, owner, Permissions::Owner));
  EXPECT_FALSE(may_command({1001, {50}, 2}, owner, Permissions::Owner));
  EXPECT_TRUE(may_command({1001, {50}, 2}, owner, Permissions::Group));
  EXPECT_TRUE(may_command({1001, {9, 50}, 2}, owner, Permissions::Group));
  EXPECT_FALSE(may_command({1001, {9}, 2}, owner, Permissions::Group));
}

TEST_F(ControlSocketTest, RefusesASecondApplianceAndNamesTheFirst) {
  const pid_t first = start_appliance();
  try {
    const ControlSocket second{path_, Permissions::Owner, {}};
    ADD_FAILURE() << "the second appliance was let in";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), EX_TEMPFAIL);
    EXPECT_NE(std::string{error.what()}.find("process " + std::to_string(first)), std::string::npos)
        << error.what();
  }
  // The first is as it was.
  EXPECT_TRUE(ask_for(Verb::Stop).ok);
  EXPECT_EQ(end_of(first), 0);
}

TEST_F(ControlSocketTest, TakesThePlaceOfAnApplianceThatWasKilled) {
  const pid_t first = start_appliance();
  ASSERT_EQ(::kill(first, SIGKILL), 0);
  end_of(first);
  EXPECT_TRUE(std::filesystem::is_socket(path_));
  EXPECT_EQ(exit_code_of([&] { (void)ask_for(Verb::Status); }), EX_UNAVAILABLE);
  const pid_t second = start_appliance();
  EXPECT_TRUE(ask_for(Verb::Stop).ok);
  EXPECT_EQ(end_of(second), 0);
}

TEST_F(ControlSocketTest, LeavesAFileThatIsNoSocketAlone) {
  std::ofstream{path_} << "precious";
  EXPECT_EQ(exit_code_of([&] { ControlSocket{path_, Permissions::Owner, {}}; }), EX_CANTCREAT);
  EXPECT_TRUE(std::filesystem::is_regular_file(path_));
}

TEST_F(ControlSocketTest, SaysWhenNoApplianceRuns) {
  try {
    (void)ask_for(Verb::Status);
    ADD_FAILURE();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), EX_UNAVAILABLE);
    EXPECT_EQ(error.what(), "no appliance listens at " + path_.string() +
                                "; start ridleyd, or name its socket with --socket");
  }
}

TEST_F(ControlSocketTest, DoesNotWaitForEverForAnAppliance) {
  const ControlSocket deaf{path_, Permissions::Owner, {}};
  EXPECT_EQ(exit_code_of([&] { (void)ask(path_, {}, 20ms); }), EX_UNAVAILABLE);
}

TEST_F(ControlSocketTest, RemovesItselfAtTheEnd) {
  {
    const ControlSocket server{path_, Permissions::Owner, {}};
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
}

// A server that is polled by the test itself, so that nothing depends on time.
class PolledSocket : public ControlSocketTest {
 protected:
  void serve() {
    Operations operations;
    operations.status = [] { return std::string{R"({"fine":true})"}; };
    operations.limits = [](const Scope&) {
      return "{\"x\":\"" + std::string(100'000, 'x') + "\"}";
    };
    server_.emplace(path_, Permissions::Owner, std::move(operations));
  }
  void poll(int times = 4) {
    for (int i = 0; i < times; ++i) server_->poll(0ms);
  }
  static std::string read_now(const base::Descriptor& from) {
    std::string text(1'000'000, '\0');
    const ssize_t length = ::recv(from.number(), text.data(), text.size(), MSG_DONTWAIT);
    text.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
    return text;
  }
  static void write(const base::Descriptor& to, std::string_view text) {
    ASSERT_EQ(::send(to.number(), text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }

  std::optional<ControlSocket> server_;
};

constexpr std::string_view kFine = "{\"ok\":true,\"result\":{\"fine\":true}}\n";
constexpr std::string_view kStatus = "{\"verb\":\"status\"}\n";

TEST_F(PolledSocket, PutsARequestTogetherThatComesByteByByte) {
  serve();
  const base::Descriptor client = connect();
  poll();
  for (const char byte : kStatus) {
    EXPECT_EQ(read_now(client), "");
    write(client, {&byte, 1});
    poll(1);
  }
  EXPECT_EQ(read_now(client), kFine);
}

TEST_F(PolledSocket, AnswersSeveralRequestsOfOneOperator) {
  serve();
  const base::Descriptor client = connect();
  write(client, std::string{kStatus} + std::string{kStatus});
  poll();
  EXPECT_EQ(read_now(client), std::string{kFine} + std::string{kFine});
  write(client, kStatus);
  poll();
  EXPECT_EQ(read_now(client), kFine);
}

TEST_F(PolledSocket, GoesOnAfterARequestThatIsNone) {
  serve();
  const base::Descriptor client = connect();
  write(client, "nonsense\n");
  poll();
  EXPECT_NE(read_now(client).find("\"exit\":65"), std::string::npos);
  write(client, kStatus);
  poll();
  EXPECT_EQ(read_now(client), kFine);
}

TEST_F(PolledSocket, EndsWithOneWhoNeverEndsALine) {
  serve();
  const base::Descriptor client = connect();
  poll();
  const std::string endless(kRequestBytesMax + 1, 'x');
  std::string_view left = endless;
  while (!left.empty()) {
    const ssize_t sent =
        ::send(client.number(), left.data(), left.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0) left.remove_prefix(static_cast<std::size_t>(sent));
    poll(1);
  }
  poll();
  EXPECT_NE(read_now(client).find("too long"), std::string::npos);
  // Closed: a read gives the end.
  char byte = 0;
  EXPECT_EQ(::recv(client.number(), &byte, 1, MSG_DONTWAIT), 0);
}

TEST_F(PolledSocket, DropsOneWhoTakesNoAnswersAndServesTheOthers) {
  serve();
  const base::Descriptor greedy = connect();
  poll();
  for (std::size_t i = 0; i < kUnreadBytesMax / 100'000 + 10; ++i) {
    const std::string_view ask_limits = "{\"verb\":\"limits\"}\n";
    (void)::send(greedy.number(), ask_limits.data(), ask_limits.size(),
                 MSG_DONTWAIT | MSG_NOSIGNAL);
    poll(1);
  }
  const base::Descriptor other = connect();
  write(other, kStatus);
  poll();
  EXPECT_EQ(read_now(other), kFine);
}

TEST_F(PolledSocket, LetsSilentOperatorsGoBeforeItRefusesOne) {
  serve();
  std::vector<base::Descriptor> silent;
  for (std::size_t i = 0; i < kOperatorsMax; ++i) {
    silent.push_back(connect());
    poll();
  }
  write(silent[0], kStatus);
  poll();
  EXPECT_EQ(read_now(silent[0]), kFine);

  const base::Descriptor urgent = connect();
  write(urgent, kStatus);
  poll();
  EXPECT_EQ(read_now(urgent), kFine);
  // The longest silent had to go, the one who had just asked stays.
  char byte = 0;
  EXPECT_EQ(::recv(silent[1].number(), &byte, 1, MSG_DONTWAIT), 0);
  write(silent[0], kStatus);
  poll();
  EXPECT_EQ(read_now(silent[0]), kFine);
}

TEST_F(PolledSocket, SurvivesAnOperatorWhoLeavesBeforeTheAnswer) {
  serve();
  {
    write(connect(), kStatus);
  }
  poll();
  const base::Descriptor client = connect();
  write(client, kStatus);
  poll();
  EXPECT_EQ(read_now(client), kFine);
}

}  // namespace
}  // namespace ridley::control
