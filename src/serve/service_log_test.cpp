// What the server's log says, and what it must not.
#include <gtest/gtest.h>

#include <mutex>

#include "serve/test_service.h"

namespace retort::serve {
namespace {

class ServiceLogTest : public ServiceTest {
 protected:
  ServiceOptions Logged() {
    ServiceOptions options;
    options.access.keys = {"sk-secret"};
    options.log = [this](LogLevel, const Json& fields) {
      const std::lock_guard lock(mutex_);
      lines_ += fields.dump() + "\n";
    };
    return options;
  }
  void Ask() {
    net::HttpClient client({.port = service_->port()});
    const net::Response response = client.Send({.method = "POST",
                                                .target = "/v1/chat/completions",
                                                .headers = {{"Authorization", "Bearer sk-secret"}},
                                                .body = ChatBody("the question").dump()});
    EXPECT_EQ(response.status, 200) << response.body;
    EXPECT_TRUE(Eventually([&] { return Lines().find("\"answer\"") != std::string::npos; }));
  }
  std::string Lines() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  std::mutex mutex_;
  std::string lines_;
};

TEST_F(ServiceLogTest, TellsFiguresAndNoWords) {
  models_.Say("the question", "hm</think>the reply");
  Start(Logged());
  Ask();
  for (const char* secret : {"the question", "the reply", "sk-secret"}) {
    EXPECT_EQ(Lines().find(secret), std::string::npos) << Lines();
  }
  EXPECT_NE(Lines().find("\"reasoning_tokens\":3"), std::string::npos) << Lines();
}

TEST_F(ServiceLogTest, HasPromptsWhereThatIsWanted) {
  models_.Say("the question", "hm</think>the reply");
  ServiceOptions options = Logged();
  options.log_prompts = true;
  Start(std::move(options));
  Ask();
  EXPECT_NE(Lines().find("<|user|>the question<|assistant|>"), std::string::npos) << Lines();
  EXPECT_EQ(Lines().find("sk-secret"), std::string::npos);
}

}  // namespace
}  // namespace retort::serve
