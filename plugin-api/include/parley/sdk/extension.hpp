// An extension of the host by its table.
#pragma once

#include <cstddef>

#include <parley/plugin.h>

namespace parley {

// NULL when the host does not offer it, or only an older form of it that lacks the function `last`.
template <class Table, class Function>
const Table* find_extension(const parley_host& host, const char* id, Function Table::*last) noexcept {
    const auto* table = static_cast<const Table*>(host.get_extension(host.ctx, id));
    if (!table) return nullptr;
    const auto begin = reinterpret_cast<const char*>(table);
    const auto end = reinterpret_cast<const char*>(&(table->*last)) + sizeof(table->*last);
    return table->struct_size >= static_cast<std::size_t>(end - begin) ? table : nullptr;
}

}  // namespace parley
