#include "kit/isolated_plugin.hpp"

#include <utility>

#include "base/crypto/hmac.hpp"
#include "host/elf_file.hpp"
#include "host/plugin_manifest.hpp"
#include "kit/isolated_instance.hpp"

namespace parley::kit {

struct IsolatedPlugin::Parts {
    std::filesystem::path worker, library;
    std::string id, version, summary, sha256;
    parley_desc desc{};
    std::vector<std::string> faults;
};

namespace {

IsolatedPlugin::Parts* current =
    nullptr;  // the functions of a plugin's table are told nothing of whose it is

IsolatedInstance& instance(void* self) {
    return *static_cast<IsolatedInstance*>(self);
}

parley_status create(const char* id, const parley_host* host, parley_str config_json, parley_agent* out,
                     char*, std::size_t) {
    if (current == nullptr || id != current->id) return PARLEY_INVALID;
    out->struct_size = sizeof *out;
    out->self = new IsolatedInstance({current->worker, current->library, current->id, current->version,
                                      current->sha256, std::string(config_json.data, config_json.size), host,
                                      &current->faults});
    out->start = [](void* self) { return instance(self).start(); };
    out->on_event = [](void* self, const parley_event* event) { instance(self).on_event(*event); };
    out->on_result = [](void* self, parley_op op, const parley_result* result) {
        instance(self).on_result(op, *result);
    };
    out->on_cancel = [](void* self, parley_turn turn, parley_status why) {
        instance(self).on_cancel(turn, why);
    };
    out->destroy = [](void* self) {
        const std::unique_ptr<IsolatedInstance> gone(&instance(self));
        gone->destroy();
    };
    return PARLEY_OK;
}

std::uint32_t count() {
    return 1;
}

const parley_desc* desc(std::uint32_t index) {
    return index == 0 && current != nullptr ? &current->desc : nullptr;
}

constexpr parley_plugin isolated{
    sizeof(parley_plugin), PARLEY_ABI_MAJOR, PARLEY_ABI_MINOR, &count, &desc, &create};

}  // namespace

IsolatedPlugin::IsolatedPlugin(std::filesystem::path worker, const std::filesystem::path& library)
    : parts_(std::make_unique<Parts>()) {
    if (current != nullptr) throw std::runtime_error("one isolated plugin at a time");
    const auto bytes = read_library(library);
    if (!bytes) throw std::runtime_error(bytes.error().message());
    const auto inspected = inspect_plugin(library);
    if (!inspected) throw std::runtime_error(inspected.error().message());
    if (!inspected->problem.empty()) throw std::runtime_error(inspected->problem);
    parts_->worker = std::move(worker);
    parts_->library = std::filesystem::absolute(library);
    parts_->id = inspected->manifest.id;
    parts_->version = inspected->manifest.version;
    parts_->summary = inspected->manifest.summary;
    parts_->sha256 = to_hex(sha256(*bytes));
    parts_->desc = {sizeof(parley_desc), parts_->id.c_str(), parts_->version.c_str(),
                    parts_->summary.c_str()};
    current = parts_.get();
}

IsolatedPlugin::~IsolatedPlugin() {
    current = nullptr;
}

const parley_plugin& IsolatedPlugin::table() const noexcept {
    return isolated;
}

const std::vector<std::string>& IsolatedPlugin::faults() const noexcept {
    return parts_->faults;
}

}  // namespace parley::kit
