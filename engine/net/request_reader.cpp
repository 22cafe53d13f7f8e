// Bytes of a connection into requests.
#include "net/request_reader.hpp"

#include <algorithm>
#include <cstring>

#include "net/http_wire.hpp"
#include "net/router.hpp"

namespace parley {

namespace http = boost::beast::http;
using boost::beast::iequals;
using Text = boost::beast::string_view;

namespace {

constexpr std::size_t first_capacity = 4U << 10;
constexpr std::size_t kept_capacity = 64U << 10;

Text to_text(std::string_view s) {
    return {s.data(), s.size()};
}

}  // namespace

// Beast's parser with our storage: it tells where things are instead of copying them.
class RequestReader::Parser final : public http::basic_parser<true> {
  public:
    explicit Parser(RequestReader& reader) : reader_(reader) {
        header_limit(max_head);
        body_limit(boost::none);
    }

  private:
    void on_request_impl(http::verb, Text method, Text target, int version, error_code& ec) override {
        reader_.on_request_line(method, target, version, ec);
    }
    void on_response_impl(int, Text, int, error_code&) override {}
    void on_field_impl(http::field id, Text name, Text value, error_code& ec) override {
        reader_.on_field(id, name, value, ec);
    }
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(Text, error_code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t size, Text, error_code& ec) override {
        if (size > reader_.max_body_) ec = http::error::body_limit;
    }
    std::size_t on_chunk_body_impl(std::uint64_t, Text bytes, error_code& ec) override {
        return reader_.on_chunk(bytes, ec);
    }
    void on_finish_impl(error_code&) override {}

    RequestReader& reader_;
};

RequestReader::RequestReader(std::size_t max_body, std::shared_ptr<BodyBudget> budget, std::string peer)
    : max_body_(max_body),
      budget_(std::move(budget)),
      peer_(std::move(peer)),
      parser_(std::make_unique<Parser>(*this)) {
    grow(first_capacity);
    fields_.reserve(16);
}

RequestReader::~RequestReader() {
    budget_->give_back(charged_);
}

void RequestReader::grow(std::size_t capacity) {
    auto bigger = std::make_unique_for_overwrite<char[]>(capacity);
    if (used_ != 0) std::memcpy(bigger.get(), data_.get(), used_);
    data_ = std::move(bigger);
    capacity_ = capacity;
}

std::span<char> RequestReader::space() {
    const auto expected = head_complete_ && !chunked_ ? head_size_ + body_size_ : 0;
    if (expected > capacity_) {
        // What is announced is believed up to a bound only; beyond it memory grows with what has come.
        if (expected <= kept_capacity || used_ == capacity_)
            grow(std::min(expected, std::max(kept_capacity, 2 * capacity_)));
    } else if (expected == 0 && capacity_ - used_ < first_capacity / 8) {
        grow(2 * capacity_);
    }
    return {data_.get() + used_, capacity_ - used_};
}

void RequestReader::commit(std::size_t size) {
    used_ += size;
}

RequestReader::Step RequestReader::advance() {
    if (!head_complete_) return read_head();
    return chunked_ ? read_chunks() : read_sized_body();
}

RequestReader::Step RequestReader::read_head() {
    if (parsed_ == 0) {  // RFC 9112 2.2: empty lines before a request are skipped
        std::size_t skip = 0;
        while (skip < used_ && (data_[skip] == '\r' || data_[skip] == '\n')) ++skip;
        if (skip != 0) std::memmove(data_.get(), data_.get() + skip, used_ -= skip);
        if (used_ == 0) return Step::more;
    }
    error_code ec;
    parsed_ += parser_->put({data_.get() + parsed_, used_ - parsed_}, ec);
    if (ec == http::error::need_more)
        return used_ < max_head ? Step::more : refuse(http::error::header_limit);
    if (ec) return refuse(ec);
    if (parsed_ > max_head) return refuse(http::error::header_limit);
    head_size_ = parsed_;
    head_complete_ = true;
    return begin_body();
}

RequestReader::Step RequestReader::begin_body() {
    if (version_ == 11 && hosts_ != 1) return refuse(400, "a request needs exactly one Host header");
    if (bad_encoding_) return refuse(501, "the only transfer encoding understood is chunked");
    if (bad_expectation_) return refuse(417, "the only expectation understood is 100-continue");
    keep_alive_ = parser_->keep_alive();
    chunked_ = parser_->chunked();
    if (chunked_ && version_ == 10) return refuse(400, "HTTP/1.0 has no chunked bodies");
    const auto announced = chunked_ ? boost::optional<std::uint64_t>(1) : parser_->content_length();
    const auto length = announced ? *announced : 0;
    if (length == 0) expects_continue_ = false;
    if (length > max_body_) return refuse(http::error::body_limit);
    if (length != 0 && !budget_->has_room(static_cast<std::size_t>(length)))
        return refuse(503, "too much is in work");
    body_size_ = chunked_ ? 0 : static_cast<std::size_t>(length);
    return advance();
}

RequestReader::Step RequestReader::read_sized_body() {
    const auto have = std::min(used_ - head_size_, body_size_);
    if (have > charged_ && !charge(have - charged_)) return refuse(503, "too much is in work");
    if (have != 0) expects_continue_ = false;
    if (have < body_size_) return Step::more;
    end_ = head_size_ + body_size_;
    return Step::complete;
}

RequestReader::Step RequestReader::read_chunks() {
    error_code ec;
    if (used_ > parsed_) expects_continue_ = false;
    while (!ec && !parser_->is_done() && parsed_ < used_)
        parsed_ += parser_->put({data_.get() + parsed_, used_ - parsed_}, ec);
    if (ec == http::error::need_more || (!ec && !parser_->is_done())) {
        const auto rest = used_ - parsed_;
        if (rest >= max_head) return refuse(http::error::bad_chunk);
        std::memmove(data_.get() + head_size_, data_.get() + parsed_, rest);
        parsed_ = head_size_;
        used_ = head_size_ + rest;
        return Step::more;
    }
    if (ec) return refuse(ec);
    end_ = parsed_;
    return Step::complete;
}

bool RequestReader::charge(std::size_t bytes) {
    if (!budget_->take(bytes)) return false;
    charged_ += bytes;
    return true;
}

std::size_t RequestReader::on_chunk(Text bytes, error_code& ec) {
    if (chunks_.size() + bytes.size() > max_body_) {
        ec = http::error::body_limit;
    } else if (!charge(bytes.size())) {
        ec = http::error::buffer_overflow;
    } else {
        chunks_.append(bytes.data(), bytes.size());
    }
    return bytes.size();
}

bool RequestReader::to_slice(Text text, Slice& slice) const {
    const auto at = text.data() - data_.get();
    if (at < 0 || static_cast<std::size_t>(at) + text.size() > std::min(used_, max_head)) return false;
    slice = {static_cast<std::uint16_t>(at), static_cast<std::uint16_t>(text.size())};
    return true;
}

void RequestReader::on_request_line(Text method, Text target, int version, error_code& ec) {
    version_ = version;
    Slice whole;
    if (!to_slice(method, method_) || !to_slice(target, whole)) {
        ec = http::error::header_limit;
        return;
    }
    set_target(whole);
}

void RequestReader::set_target(Slice target) {
    auto text = view(target);
    if (!text.starts_with('/')) {  // RFC 9112 3.2.2: the absolute form, as to a proxy
        const auto authority = text.find("://");
        if (authority != std::string_view::npos) {
            const auto path = std::min(text.find_first_of("/?", authority + 3), text.size());
            target.at = static_cast<std::uint16_t>(target.at + path);
            target.size = static_cast<std::uint16_t>(target.size - path);
            text = view(target);
        }
    }
    const auto path_size = std::min(text.find('?'), text.size());
    path_ = {target.at, static_cast<std::uint16_t>(path_size)};
    query_ = {};
    if (path_size < text.size())
        query_ = {static_cast<std::uint16_t>(target.at + path_size + 1),
                  static_cast<std::uint16_t>(text.size() - path_size - 1)};
}

void RequestReader::on_field(http::field id, Text name, Text value, error_code& ec) {
    if (head_complete_) return;  // a trailer
    Field field;
    if (fields_.size() == max_fields) {
        ec = http::error::header_limit;
        return;
    }
    // Beast joins folded lines in a buffer of its own; RFC 9112 5.2 lets us refuse them.
    if (!to_slice(name, field.name) || (!value.empty() && !to_slice(value, field.value))) {
        ec = http::error::bad_value;
        return;
    }
    fields_.push_back(field);
    if (id == http::field::host) ++hosts_;
    // Anything but a lone "chunked" would leave it open where the body ends.
    if (id == http::field::transfer_encoding && !iequals(value, "chunked")) bad_encoding_ = true;
    if (id == http::field::expect) {
        expects_continue_ = version_ == 11 && iequals(value, "100-continue");
        bad_expectation_ = !iequals(value, "100-continue");
    }
}

std::string_view RequestReader::body() const {
    return chunked_ ? std::string_view(chunks_) : std::string_view(data_.get() + head_size_, body_size_);
}

std::string_view RequestReader::header(std::string_view name) const {
    for (const auto& field : fields_)
        if (field.name.size == name.size() && iequals(to_text(view(field.name)), to_text(name)))
            return view(field.value);
    return {};
}

std::vector<std::string_view> RequestReader::all_headers(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const auto& field : fields_)
        if (field.name.size == name.size() && iequals(to_text(view(field.name)), to_text(name)))
            values.push_back(view(field.value));
    return values;
}

void RequestReader::next() {
    budget_->give_back(charged_);
    charged_ = 0;
    const auto rest = used_ - end_;
    if (rest != 0) std::memmove(data_.get(), data_.get() + end_, rest);
    used_ = rest;
    if (capacity_ > kept_capacity && rest <= first_capacity) grow(first_capacity);
    if (chunks_.capacity() > kept_capacity) chunks_ = {};
    chunks_.clear();
    fields_.clear();
    parsed_ = head_size_ = end_ = body_size_ = 0;
    hosts_ = 0;
    head_complete_ = chunked_ = expects_continue_ = bad_expectation_ = bad_encoding_ = false;
    // The same storage: Beast's parser reads one message and cannot be reset.
    std::destroy_at(parser_.get());
    std::construct_at(parser_.get(), *this);
}

RequestReader::Step RequestReader::refuse(int status, std::string_view detail) {
    refusal_ = problem(status, reason_phrase(status), detail);
    if (status == 503) refusal_.headers.emplace_back("Retry-After", "1");
    return Step::refused;
}

RequestReader::Step RequestReader::refuse(const error_code& ec) {
    if (ec == http::error::body_limit) return refuse(413, "the body is larger than this server takes");
    if (ec == http::error::buffer_overflow) return refuse(503, "too much is in work");
    if (ec == http::error::header_limit) return refuse(431, "the headers are larger than 16 KiB");
    if (ec == http::error::bad_version) return refuse(505, "only HTTP/1.0 and HTTP/1.1 are spoken here");
    return refuse(400, "not a well-formed request: " + ec.message());
}

}  // namespace parley
