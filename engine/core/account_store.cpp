#include "core/account_store.hpp"

namespace parley {

const char* to_string(AccountState state) noexcept {
    switch (state) {
        case AccountState::pending_verification:
            return "pending_verification";
        case AccountState::code_sent:
            return "code_sent";
        case AccountState::active:
            return "active";
        case AccountState::paused:
            return "paused";
        case AccountState::deleted:
            return "deleted";
    }
    return "";
}

}  // namespace parley
