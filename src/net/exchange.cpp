#include "net/exchange.h"

#include <sys/socket.h>

#include <utility>

#include "net/http_error.h"
#include "net/response_head.h"

namespace retort::net {
namespace {

class Handle final : public Responder {
 public:
  explicit Handle(std::shared_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}
  ~Handle() override {
    try {
      exchange_->GiveUp("the request was dropped without an answer");
    } catch (...) {  // no memory: the connection's own time-outs remain
    }
  }

  bool Send(Response response) override { return exchange_->Send(std::move(response)); }
  bool Start(int status, const Headers& headers) override {
    return exchange_->Start(status, headers);
  }
  bool Write(std::string_view bytes) override { return exchange_->Write(bytes); }
  bool End() override { return exchange_->End(); }
  bool Abort() override { return exchange_->Abort(); }
  void SetHeartbeat(std::string bytes, double seconds) override {
    exchange_->SetHeartbeat(std::move(bytes), seconds);
  }
  void OnClosed(std::function<void()> callback) override {
    exchange_->OnClosed(std::move(callback));
  }
  bool closed() const override { return exchange_->closed(); }
  size_t pending_bytes() const override { return exchange_->pending_bytes(); }

 private:
  const std::shared_ptr<Exchange> exchange_;
};

}  // namespace

Exchange::Exchange(std::shared_ptr<ServerState> server, ExchangeFacts facts,
                   std::function<void()> wake)
    : server_(std::move(server)),
      facts_(std::move(facts)),
      wake_(std::move(wake)),
      socket_(facts_.socket),
      last_write_(std::chrono::steady_clock::now()) {}

std::shared_ptr<Responder> Exchange::MakeResponder(std::shared_ptr<Exchange> exchange) {
  return std::make_shared<Handle>(std::move(exchange));
}

// A net thread that is writing looks again by itself when it is done.
void Exchange::Wake(bool at_once) {
  if (waking_ || !wake_ || (taking_ && !at_once)) return;
  waking_ = true;
  wake_();
}

void Exchange::BeginHead(int status, const Headers& headers, std::optional<uint64_t> length) {
  if (status < 200 || status > 599) status = 500;  // a bug of the handler's; no client could go on
  status_ = status;
  has_body_ = MayHaveBody(status) && !facts_.head_only;
  const bool declares_end = length.has_value() || !MayHaveBody(status);
  chunked_ = !declares_end && facts_.minor_version >= 1;
  keep_alive_ = facts_.keep_alive && (declares_end || chunked_) && !server_->draining &&
                !headers.HasToken("Connection", "close");
  AppendHead({.status = status,
              .keep_alive = keep_alive_,
              .minor_version = facts_.minor_version,
              .length = MayHaveBody(status) ? length : std::nullopt,
              .chunked = chunked_,
              .request_id = facts_.id},
             headers, &pending_);
  server_->CountResponse(status);
}

// The callback goes away outside of the mutex: what it holds may do anything when it is destroyed.
std::function<void()> Exchange::Finish() {
  ended_ = true;
  Wake();
  return std::exchange(on_closed_, nullptr);
}

bool Exchange::Send(Response response) {
  std::function<void()> dropped;
  const std::lock_guard lock(mutex_);
  if (!open() || status_ != 0) return false;
  BeginHead(response.status, response.headers, response.body.size());
  if (has_body_) pending_ += response.body;
  dropped = Finish();
  return true;
}

bool Exchange::Start(int status, const Headers& headers) {
  const std::lock_guard lock(mutex_);
  if (!open() || status_ != 0) return false;
  BeginHead(status, headers, std::nullopt);
  Wake();
  return true;
}

bool Exchange::Write(std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  if (!open() || status_ == 0) return false;
  if (!has_body_ || bytes.empty()) return true;
  if (pending_.size() + taken_ > server_->options.limits.unsent_bytes) {
    slow_ = aborted_ = true;
    pending_.clear();
    Wake(true);  // the write under way may never end
    return false;
  }
  const bool may_send = socket_ >= 0 && !taking_ && !waking_ && pending_.empty();
  if (chunked_) {
    AppendChunk(bytes, &pending_);
  } else {
    pending_ += bytes;
  }
  if (may_send) SendNow();
  if (!pending_.empty()) Wake();
  return true;
}

// Errors are the net thread's, which meets them when it writes what is left.
void Exchange::SendNow() {
  const ssize_t sent =
      ::send(socket_, pending_.data(), pending_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent <= 0) return;
  pending_.erase(0, static_cast<size_t>(sent));
  sent_ += static_cast<uint64_t>(sent);
  server_->bytes_sent += static_cast<uint64_t>(sent);
  last_write_ = std::chrono::steady_clock::now();
}

bool Exchange::End() {
  std::function<void()> dropped;
  const std::lock_guard lock(mutex_);
  if (!open() || status_ == 0) return false;
  if (chunked_ && has_body_) pending_ += kLastChunk;
  dropped = Finish();
  return true;
}

bool Exchange::Abort() {
  std::function<void()> dropped;
  const std::lock_guard lock(mutex_);
  if (!open()) return false;
  dropped = std::exchange(on_closed_, nullptr);
  aborted_ = true;
  Wake();
  return true;
}

void Exchange::GiveUp(std::string_view why) {
  {
    const std::lock_guard lock(mutex_);
    if (!open()) return;
    if (status_ != 0) {
      aborted_ = true;
      Wake();
      return;
    }
  }
  Send(server_->MakeError({.status = 500,
                           .code = "internal_error",
                           .message = std::string(why) + "; request " + facts_.id,
                           .request_id = facts_.id}));
}

void Exchange::SetHeartbeat(std::string bytes, double seconds) {
  const std::lock_guard lock(mutex_);
  heartbeat_ = std::move(bytes);
  heartbeat_interval_ = std::chrono::duration<double>(seconds);
  Wake(true);  // the net thread sets its alarm
}

void Exchange::OnClosed(std::function<void()> callback) {
  {
    const std::lock_guard lock(mutex_);
    if (ended_) return;
    if (!detached_) {
      on_closed_.swap(callback);
      return;
    }
  }
  callback();
}

bool Exchange::closed() const {
  const std::lock_guard lock(mutex_);
  return detached_ || aborted_;
}

size_t Exchange::pending_bytes() const {
  const std::lock_guard lock(mutex_);
  return pending_.size() + taken_;
}

bool Exchange::ended() const {
  const std::lock_guard lock(mutex_);
  return ended_;
}

int Exchange::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

uint64_t Exchange::sent_bytes() const {
  const std::lock_guard lock(mutex_);
  return sent_;
}

Exchange::Output Exchange::Look() {
  const std::lock_guard lock(mutex_);
  waking_ = false;
  return {.ended = ended_, .aborted = aborted_, .slow = slow_, .keep_alive = keep_alive_};
}

Exchange::Output Exchange::Take(std::string* bytes) {
  bytes->clear();
  const std::lock_guard lock(mutex_);
  waking_ = false;
  bytes->swap(pending_);
  taken_ = bytes->size();
  taking_ = taken_ > 0;
  if (taking_) last_write_ = std::chrono::steady_clock::now();
  return {.ended = ended_, .aborted = aborted_, .slow = slow_, .keep_alive = keep_alive_};
}

void Exchange::Written(size_t bytes) {
  const std::lock_guard lock(mutex_);
  taken_ -= bytes;
  sent_ += bytes;
}

void Exchange::ForgetSocket() {
  const std::lock_guard lock(mutex_);
  socket_ = -1;
}

Exchange::Time Exchange::Beat(Time now) {
  const std::lock_guard lock(mutex_);
  if (heartbeat_.empty() || heartbeat_interval_.count() <= 0 || !open() || status_ == 0 ||
      !has_body_) {
    return Time::max();
  }
  const auto interval = std::chrono::duration_cast<Time::duration>(heartbeat_interval_);
  if (now - last_write_ < interval) return last_write_ + interval;
  if (pending_.empty() && taken_ == 0) {
    if (chunked_) {
      AppendChunk(heartbeat_, &pending_);
    } else {
      pending_ += heartbeat_;
    }
    Wake();
  }
  last_write_ = now;
  return now + interval;
}

void Exchange::Detach() {
  std::function<void()> callback, wake;
  {
    const std::lock_guard lock(mutex_);
    if (detached_) return;
    detached_ = true;
    socket_ = -1;
    wake.swap(wake_);
    callback.swap(on_closed_);
    if (ended_) callback = nullptr;
    pending_ = {};
    taken_ = 0;
  }
  if (callback) callback();
}

}  // namespace retort::net
