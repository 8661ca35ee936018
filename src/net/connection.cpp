#include "net/connection.h"

#include <exception>
#include <utility>

#include "net/response_head.h"

namespace retort::net {
namespace {

constexpr size_t kSmallRead = 4 << 10;   // what an idle connection costs
constexpr size_t kLargeRead = 16 << 10;  // while a body comes

Connection::Time After(double seconds) {
  return Connection::Clock::now() + std::chrono::duration_cast<Connection::Clock::duration>(
                                        std::chrono::duration<double>(seconds));
}

}  // namespace

Connection::Connection(std::shared_ptr<ServerState> server, ConnectionSet* set, tcp::socket socket,
                       asio::ssl::context* tls, std::string remote_address, bool admitted)
    : server_(std::move(server)),
      limits_(server_->options.limits),
      set_(set),
      channel_(std::move(socket), tls),
      remote_address_(std::move(remote_address)),
      admitted_(admitted),
      reader_({.target_bytes = limits_.target_bytes,
               .header_bytes = limits_.header_bytes,
               .body_bytes = limits_.body_bytes}),
      timer_(channel_.socket().get_executor()) {}

Connection::~Connection() = default;

void Connection::Start() {
  set_->insert(shared_from_this());
  Guarded([&] {
    if (server_->stopping) return Close();
    error_code ignored;
    channel_.socket().set_option(tcp::no_delay(true), ignored);
    if (!channel_.tls()) return BeginRequest(limits_.header_seconds);
    phase_ = Phase::kHandshake;
    read_due_ = After(limits_.header_seconds);
    channel_.AsyncHandshake(asio::ssl::stream_base::server,
                            [self = shared_from_this()](error_code error) {
                              self->Guarded([&] {
                                if (error) return self->Close();
                                self->BeginRequest(self->limits_.header_seconds);
                              });
                            });
  });
}

void Connection::StartRefused() {
  set_->insert(shared_from_this());
  Guarded([&] {
    if (server_->stopping) return Close();
    Refuse({.status = 503,
            .code = "too_many_connections",
            .message = "the server has as many connections as it takes; try again in a second"});
  });
}

void Connection::Drain() {
  const bool idle = phase_ == Phase::kIdle && input_.empty();
  if (idle) Guarded([&] { CloseIdle(); });
}

void Connection::Close() {
  if (phase_ == Phase::kClosed) return;
  const auto self = shared_from_this();  // the set may hold the last reference
  phase_ = Phase::kClosed;
  ReleaseBody();
  if (exchange_) {
    const auto exchange = std::move(exchange_);
    if (!exchange->ended() && !exchange->closed()) ++server_->clients_gone;
    record_.status = exchange->status();
    ReportExchange(false);
    try {
      exchange->Detach();  // calls the handler's OnClosed
    } catch (const std::exception& failure) {
      server_->ReportFailure(record_.id, failure.what());
    } catch (...) {
      server_->ReportFailure(record_.id, "an exception of unknown type");
    }
  }
  channel_.Close();
  timer_.cancel();
  set_->erase(self);
  if (admitted_) server_->Leave(remote_address_);
}

// Waits so many seconds for the first byte; a request that has come already is taken at once.
void Connection::BeginRequest(double seconds) {
  phase_ = Phase::kIdle;
  read_due_ = After(seconds);
  body_due_ = Time::max();
  if (input_.empty()) {
    input_ = {};
    output_ = {};
    if (server_->draining) return Linger();  // its next request may be on its way
  } else {
    Parse();
  }
  ReadMore();
}

void Connection::ReadMore() {
  if (reading_ || end_of_input_ || phase_ == Phase::kClosed) return;
  // A client may send its next requests ahead, but not without end.
  if (phase_ == Phase::kAnswer && input_.size() >= limits_.header_bytes) return;
  const size_t wanted = phase_ == Phase::kBody ? kLargeRead : kSmallRead;
  if (read_buffer_.size() != wanted) read_buffer_ = std::string(wanted, '\0');
  reading_ = true;
  channel_.AsyncRead(asio::buffer(read_buffer_),
                     [self = shared_from_this()](error_code error, size_t bytes) {
                       self->reading_ = false;
                       self->Guarded([&] { self->OnRead(error, bytes); });
                     });
}

void Connection::OnRead(error_code error, size_t bytes) {
  server_->bytes_received += bytes;
  if (error) return OnEndOfInput();
  switch (phase_) {
    case Phase::kIdle:
    case Phase::kHead:
    case Phase::kBody:
      input_.append(read_buffer_, 0, bytes);
      if (phase_ == Phase::kBody) {
        read_due_ = After(limits_.body_stall_seconds);
        if (!HoldBody(bytes)) break;
      }
      Parse();
      break;
    case Phase::kAnswer:
      input_.append(read_buffer_, 0, bytes);
      break;
    default:  // nobody will read these
      break;
  }
  ReadMore();
}

// The last bytes of an answer that is complete are still written to a client that only listens; one
// that waits for an answer is taken for gone, which is what the end of its bytes nearly always
// means.
void Connection::OnEndOfInput() {
  end_of_input_ = true;
  const bool last_bytes = phase_ == Phase::kRefuse || (exchange_ && exchange_->ended());
  if (!last_bytes) Close();
}

void Connection::Parse() {
  while (phase_ == Phase::kIdle || phase_ == Phase::kHead || phase_ == Phase::kBody) {
    const size_t used = reader_.Feed(input_);
    input_.erase(0, used);
    switch (reader_.state()) {
      case RequestReader::State::kStart:
        return;
      case RequestReader::State::kHead:
        if (phase_ == Phase::kIdle) read_due_ = After(limits_.header_seconds);
        phase_ = Phase::kHead;
        return;
      case RequestReader::State::kBody:
        if (phase_ == Phase::kBody) return;
        EnterBody();
        break;
      case RequestReader::State::kDone:
        return Dispatch();
      case RequestReader::State::kRefused:
        ++server_->requests_refused;
        return Refuse(reader_.error());
    }
  }
}

void Connection::EnterBody() {
  phase_ = Phase::kBody;
  read_due_ = After(limits_.body_stall_seconds);
  body_due_ = After(limits_.body_seconds);
  if (!HoldBody(input_.size())) return;
  if (reader_.expects_continue() && input_.empty()) {
    own_output_ += "HTTP/1.1 100 Continue\r\n\r\n";
    Pump();
  }
}

// Many clients that each send a body within the limit may not take all memory together.
bool Connection::HoldBody(size_t bytes) {
  body_held_ += bytes;
  if (server_->body_bytes.fetch_add(bytes) + bytes <= limits_.body_bytes_in_all) return true;
  ++server_->requests_refused;
  Refuse(
      {.status = 503,
       .code = "too_many_bodies",
       .message = "the server is receiving as many bytes as it can hold; try again in a second"});
  return false;
}

void Connection::ReleaseBody() { server_->body_bytes -= std::exchange(body_held_, 0); }

void Connection::Dispatch() {
  ReleaseBody();
  const bool keep_alive = reader_.keep_alive();
  Request request = reader_.Take();
  request.id = server_->NewRequestId();
  request.remote_address = remote_address_;
  request.tls = channel_.tls();
  record_ = {.id = request.id,
             .remote_address = remote_address_,
             .method = request.method,
             .target = request.target};
  exchange_began_ = Clock::now();
  phase_ = Phase::kAnswer;
  read_due_ = body_due_ = Time::max();
  ++server_->requests;
  ++server_->running;

  exchange_ = std::make_shared<Exchange>(
      server_,
      ExchangeFacts{.id = request.id,
                    .head_only = request.method == "HEAD",
                    .keep_alive = keep_alive,
                    .minor_version = request.minor_version},
      [self = shared_from_this(), number = ++exchange_number_] {
        asio::post(self->channel_.socket().get_executor(),
                   [self, number] { self->Guarded([&] { self->OnWake(number); }); });
      });
  const auto exchange = exchange_;
  const std::string id = request.id;
  const auto responder = Exchange::MakeResponder(exchange);
  std::string what;
  try {
    server_->handler(std::move(request), responder);
    return;
  } catch (const std::exception& failure) {
    what = failure.what();
  } catch (...) {
    what = "an exception of unknown type";
  }
  exchange->GiveUp("the server failed to handle this request");
  server_->ReportFailure(id, what);
}

void Connection::Refuse(const HttpError& error) {
  ReleaseBody();
  reader_.Reset();  // what came of a body is not kept
  Response response = server_->MakeError(error);
  if (error.status == 503) response.headers.Set("Retry-After", "1");
  AppendHead({.status = response.status, .keep_alive = false, .length = response.body.size()},
             response.headers, &own_output_);
  own_output_ += response.body;
  server_->CountResponse(response.status);
  phase_ = Phase::kRefuse;
  read_due_ = body_due_ = Time::max();
  Pump();
}

}  // namespace retort::net
