// A place, and the wish to know the user's.
#pragma once

#include <cstdio>
#include <string>
#include <utility>

#include <parley/sdk/reply_parts.hpp>

namespace parley {

// turn.reply(parley::LocationReply(19.0760, 72.8777).name("Branch").address("12 MG Road"))
class LocationReply {
  public:
    LocationReply(double latitude, double longitude) : latitude_(latitude), longitude_(longitude) {
        if (!(latitude >= -90 && latitude <= 90)) throw ReplyError("latitude: must be from -90 to 90");
        if (!(longitude >= -180 && longitude <= 180)) throw ReplyError("longitude: must be from -180 to 180");
    }
    LocationReply& name(std::string text) {
        detail::check_text("name", text, 1000);
        name_ = std::move(text);
        return *this;
    }
    LocationReply& address(std::string text) {
        detail::check_text("address", text, 1000);
        address_ = std::move(text);
        return *this;
    }

    std::string json() const {
        std::string content =
            R"("latitude":)" + degrees(latitude_) + R"(,"longitude":)" + degrees(longitude_);
        if (!name_.empty()) detail::append_member(content, "name", name_);
        if (!address_.empty()) detail::append_member(content, "address", address_);
        return detail::native("location", '{' + content + '}', {});
    }

  private:
    // Seven digits are a centimetre; as text, as Meta writes it.
    static std::string degrees(double value) {
        char text[32];
        std::snprintf(text, sizeof text, "\"%.7f\"", value);
        return text;
    }

    double latitude_, longitude_;
    std::string name_, address_;
};

// Shows a button with which the user sends a place.
class LocationRequestReply {
  public:
    explicit LocationRequestReply(std::string body) : parts_(std::move(body), 1024) {}
    LocationRequestReply& quote(std::string wamid) { return parts_.set_quoted(std::move(wamid)), *this; }
    std::string json() const { return parts_.json("location_request_message", R"("name":"send_location")"); }

  private:
    detail::InteractiveParts parts_;
};

}  // namespace parley
