#include "firestore/value.hpp"

#include <charconv>

#include "base/utc_text.hpp"

namespace parley::firestore {
namespace {

const Json* find(const Json& fields, const char* name, const char* type) {
    const auto field = fields.find(name);
    if (field == fields.end() || !field->is_object()) return nullptr;
    const auto value = field->find(type);
    return value == field->end() ? nullptr : &*value;
}

// `digits` of them at the front of `text`, which loses them.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
    int number = 0;
    if (text.size() < digits) return std::nullopt;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + digits, number);
    if (failed != std::errc{} || end != text.data() + digits || number < 0) return std::nullopt;
    text.remove_prefix(digits);
    return number;
}

bool take(std::string_view& text, char c) {
    if (!text.starts_with(c)) return false;
    text.remove_prefix(1);
    return true;
}

// ".123456" -> 123; nothing of it is 0.
Millis take_fraction(std::string_view& text) {
    if (!take(text, '.')) return Millis{0};
    int ms = 0, weight = 100;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1)) {
        ms += (text.front() - '0') * weight;
        weight /= 10;
    }
    return Millis{ms};
}

}  // namespace

Json text(std::string_view value) {
    return {{"stringValue", value}};
}
Json integer(std::int64_t value) {
    return {{"integerValue", std::to_string(value)}};
}
Json flag(bool value) {
    return {{"booleanValue", value}};
}
Json time(WallTime value) {
    return {{"timestampValue", to_utc_text(value)}};
}
Json time(const std::optional<WallTime>& value) {
    return value ? time(*value) : Json{{"nullValue", nullptr}};
}
Json times(const std::vector<WallTime>& values) {
    Json list = Json::array();
    for (const WallTime one : values) list.push_back(time(one));
    return {{"arrayValue", {{"values", std::move(list)}}}};
}

std::optional<std::string> read_text(const Json& fields, const char* name) {
    const Json* value = find(fields, name, "stringValue");
    if (value == nullptr || !value->is_string()) return std::nullopt;
    return value->get<std::string>();
}

std::optional<std::int64_t> read_integer(const Json& fields, const char* name) {
    const Json* value = find(fields, name, "integerValue");
    if (value == nullptr) return std::nullopt;
    if (value->is_number_integer()) return value->get<std::int64_t>();
    if (!value->is_string()) return std::nullopt;
    const auto& digits = value->get_ref<const std::string&>();
    std::int64_t number = 0;
    const char* last = digits.data() + digits.size();
    const auto [end, failed] = std::from_chars(digits.data(), last, number);
    if (failed != std::errc{} || end != last) return std::nullopt;
    return number;
}

std::optional<WallTime> read_time(const Json& fields, const char* name) {
    const Json* value = find(fields, name, "timestampValue");
    if (value == nullptr || !value->is_string()) return std::nullopt;
    return parse_time(value->get_ref<const std::string&>());
}

std::vector<WallTime> read_times(const Json& fields, const char* name) {
    std::vector<WallTime> read;
    const Json* list = find(fields, name, "arrayValue");
    if (list == nullptr || !list->is_object() || !list->contains("values")) return read;
    for (const Json& one : (*list)["values"]) {
        const Json as_field{{"one", one}};
        if (const auto at = read_time(as_field, "one")) read.push_back(*at);
    }
    return read;
}

const Json* read_map(const Json& fields, const char* name) {
    static const Json none = Json::object();
    const Json* map = find(fields, name, "mapValue");
    if (map == nullptr || !map->is_object()) return nullptr;
    const auto inner = map->find("fields");  // absent when it is empty
    return inner == map->end() ? &none : &*inner;
}

std::optional<WallTime> parse_time(std::string_view rfc3339) {
    using namespace std::chrono;
    std::string_view rest = rfc3339;
    const auto year_number = take_number(rest, 4);
    if (!year_number || !take(rest, '-')) return std::nullopt;
    const auto month_number = take_number(rest, 2);
    if (!month_number || !take(rest, '-')) return std::nullopt;
    const auto day_number = take_number(rest, 2);
    if (!day_number || !take(rest, 'T')) return std::nullopt;
    const auto hour = take_number(rest, 2);
    if (!hour || !take(rest, ':')) return std::nullopt;
    const auto minute = take_number(rest, 2);
    if (!minute || !take(rest, ':')) return std::nullopt;
    const auto second = take_number(rest, 2);
    if (!second) return std::nullopt;
    const Millis fraction = take_fraction(rest);
    const year_month_day date{year{*year_number}, month{static_cast<unsigned>(*month_number)},
                              day{static_cast<unsigned>(*day_number)}};
    if (rest != "Z" || !date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    return WallTime{sys_days(date)} + hours(*hour) + minutes(*minute) + seconds(*second) + fraction;
}

std::string to_body(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace parley::firestore
