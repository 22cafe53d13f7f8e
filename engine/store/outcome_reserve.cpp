#include "store/outcome_reserve.hpp"

#include <array>
#include <cstring>

namespace parley {

struct OutcomeReserve::Header {
    std::array<char, 8> magic;
    std::uint64_t used;  // bytes after the header
};

namespace {

constexpr std::array<char, 8> magic = {'P', 'R', 'L', 'Y', 'R', 'S', 'V', '1'};
constexpr std::size_t max_text = 512;

// Numbers as they lie in memory: the file never leaves the machine.
class Writer {
  public:
    void number(std::int64_t value) { bytes.append(reinterpret_cast<const char*>(&value), sizeof value); }
    void text(std::string_view value) {
        value = value.substr(0, max_text);
        number(static_cast<std::int64_t>(value.size()));
        bytes.append(value);
    }
    std::string bytes;
};

class Reader {
  public:
    explicit Reader(std::string_view bytes) : left_(bytes) {}
    bool at_end() const { return left_.empty() || broken_; }
    bool broken() const { return broken_; }
    std::int64_t number() {
        std::int64_t value = 0;
        const std::string_view part = take(sizeof value);
        if (part.size() == sizeof value) std::memcpy(&value, part.data(), sizeof value);
        return value;
    }
    std::string text() { return std::string(take(static_cast<std::size_t>(number()))); }

  private:
    std::string_view take(std::size_t size) {
        broken_ = broken_ || size > left_.size();
        if (broken_) return {};
        const std::string_view part = left_.substr(0, size);
        left_.remove_prefix(size);
        return part;
    }
    std::string_view left_;
    bool broken_ = false;
};

std::string encode(const OutcomeRecord& outcome) {
    Writer out;
    out.number(to_int(outcome.id));
    out.number(static_cast<std::int64_t>(outcome.state));
    out.number(unix_ms(outcome.at));
    out.number(outcome.tries);
    out.text(outcome.wamid.str());
    out.number(outcome.error_code);
    out.text(outcome.error_text);
    out.number(outcome.dead_letter ? 1 : 0);
    out.text(outcome.dead_letter ? outcome.dead_letter->reason : "");
    out.text(outcome.dead_letter ? outcome.dead_letter->detail : "");
    return std::move(out.bytes);
}

OutcomeRecord decode(Reader& in) {
    OutcomeRecord outcome;
    outcome.id = OutboundId{in.number()};
    outcome.state = static_cast<OutboundState>(in.number());
    outcome.at = from_unix_ms(in.number());
    outcome.tries = static_cast<std::uint32_t>(in.number());
    outcome.wamid = MessageId(in.text());
    outcome.error_code = static_cast<std::int32_t>(in.number());
    outcome.error_text = in.text();
    const bool has_letter = in.number() != 0;
    DeadLetter letter;
    letter.reason = in.text();
    letter.detail = in.text();
    if (has_letter) outcome.dead_letter = std::move(letter);
    return outcome;
}

}  // namespace

OutcomeReserve::Header& OutcomeReserve::header() const noexcept {
    return *reinterpret_cast<Header*>(file_.data());
}

Result<OutcomeReserve> OutcomeReserve::open(const std::string& path) {
    auto file = MappedFile::open(path, bytes);
    if (!file) return file.error();
    OutcomeReserve reserve(std::move(*file));
    if (reserve.header().magic != magic || reserve.header().used > bytes - sizeof(Header)) {
        reserve.header() = {magic, 0};
        reserve.file_.sync();
    }
    return reserve;
}

bool OutcomeReserve::append(const OutcomeRecord& outcome) {
    const std::string record = encode(outcome);
    const std::size_t used = header().used;
    if (sizeof(Header) + used + record.size() > file_.size()) return false;
    std::memcpy(file_.data() + sizeof(Header) + used, record.data(), record.size());
    header().used = used + record.size();
    return file_.sync();
}

std::vector<OutcomeRecord> OutcomeReserve::read() const {
    std::vector<OutcomeRecord> outcomes;
    Reader in({reinterpret_cast<const char*>(file_.data()) + sizeof(Header), header().used});
    while (!in.at_end()) {
        OutcomeRecord outcome = decode(in);
        if (!in.broken()) outcomes.push_back(std::move(outcome));
    }
    return outcomes;
}

void OutcomeReserve::clear() {
    header().used = 0;
    file_.sync();
}

bool OutcomeReserve::is_empty() const noexcept {
    return header().used == 0;
}

}  // namespace parley
