// SPDX-License-Identifier: Apache-2.0
#include "nic/socket_file.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/error.hpp"

namespace ridley::nic {
namespace {

namespace fs = std::filesystem;

class SocketFileTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/ridley_socket_XXXXXX";
    folder_ = ::mkdtemp(name);
    path_ = folder_ + "/socket";
  }
  void TearDown() override {
    if (file_ >= 0) ::close(file_);
    fs::remove_all(folder_);
  }
  void listen_there() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.c_str(), path_.size() + 1);
    file_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    ASSERT_EQ(::bind(file_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(file_, 1), 0);
  }
  void stop_listening() {
    ::close(file_);
    file_ = -1;
  }

  std::string folder_;
  std::string path_;
  int file_ = -1;
};

}  // namespace

TEST_F(SocketFileTest, TellsAListenerFromWhatOneLeftBehind) {
  EXPECT_EQ(look_at_socket(path_), SocketFile::Absent);
  listen_there();
  EXPECT_EQ(look_at_socket(path_), SocketFile::Listening);
  stop_listening();
  EXPECT_EQ(look_at_socket(path_), SocketFile::Stale);
  EXPECT_EQ(look_at_socket(folder_), SocketFile::NotASocket);
}

TEST_F(SocketFileTest, RemovesOnlyAStaleSocket) {
  EXPECT_NO_THROW(remove_stale_socket(path_));
  listen_there();
  EXPECT_THROW(remove_stale_socket(path_), base::Error);
  EXPECT_TRUE(fs::exists(path_));
  stop_listening();
  EXPECT_NO_THROW(remove_stale_socket(path_));
  EXPECT_FALSE(fs::exists(path_));
  std::ofstream{path_} << "a file of somebody";
  EXPECT_THROW(remove_stale_socket(path_), base::Error);
  EXPECT_TRUE(fs::exists(path_));
}

TEST_F(SocketFileTest, AsksForAnAbsentFolder) {
  try {
    remove_stale_socket(folder_ + "/absent/socket");
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_NE(std::string{error.what()}.find("mkdir -p"), std::string::npos);
  }
}

}  // namespace ridley::nic
