// A webhook item as one line that a table of expectations can hold.
#pragma once

#include <string>

#include "whatsapp/item_event.hpp"
#include "whatsapp/webhook_parser.hpp"

namespace parley::samples {

// message TYPE "TEXT" WA_ID/USER_ID/NAME at TIME [quotes ID] [group ID] [becomes WA_ID/USER_ID] [silent]
// status WORD STATE of WAMID at TIME [callback] [error CODE TEXT] [participant ID]
// error|change FIELD of CHANNEL at TIME;  times count from 1790000000, "receipt" is when the POST came
inline std::string describe(const WebhookItem& item, WallTime receipt) {
    const auto at = [&] {
        return item.timestamp == receipt
                   ? std::string(" at receipt")
                   : " at " + std::to_string(unix_ms(item.timestamp) / 1000 - 1'790'000'000);
    };
    if (item.kind == ItemKind::message) {
        const InboundMessage& m = *item.message;
        std::string line = "message " + m.type + " \"" + m.text + "\" " + m.from.wa_id + "/" +
                           m.from.user_id + "/" + m.from.name + at();
        if (!m.quoted_id.empty()) line += " quotes " + m.quoted_id;
        if (!m.group_id.empty()) line += " group " + m.group_id;
        if (m.becomes) line += " becomes " + m.becomes->wa_id + "/" + m.becomes->user_id;
        return is_for_agent(item, nullptr) ? line : line + " silent";
    }
    if (item.kind == ItemKind::status) {
        const DeliveryUpdate& u = *item.update;
        std::string line =
            "status " + u.word + " " + (u.state ? to_string(*u.state) : "-") + " of " + u.wamid.str() + at();
        if (!u.callback.empty()) line += " callback " + u.callback;
        if (u.error_code != 0) line += " error " + std::to_string(u.error_code) + " " + u.error_text;
        return u.participant.empty() ? line : line + " participant " + u.participant;
    }
    return (item.kind == ItemKind::error ? "error " : "change ") + item.field + " of " + item.channel.str() +
           at();
}

}  // namespace parley::samples
