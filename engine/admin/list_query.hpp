// The parameters of the API's lists, and the pages they give.
#pragma once

#include <charconv>
#include <string>
#include <string_view>
#include <vector>

#include "admin/view_json.hpp"
#include "base/result.hpp"
#include "net/router.hpp"

namespace parley {

using ParameterNames = std::vector<std::string_view>;

// invalid_input names a parameter that is not among them, and the one that may have been meant.
Result<> has_only(std::string_view query, const ParameterNames& known);

// One page of a list: where it starts, how long it may be.
struct ListQuery {
    std::string after;  // empty: from the beginning
    std::size_t limit = 50;
};
// `limit` from 1 to 500; `known` besides after and limit.
Result<ListQuery> read_list(std::string_view query, ParameterNames known = {});

// A cursor that is a number; 0 for none.
Result<std::int64_t> read_number_cursor(const std::string& after);

// 400, 404, 409 or 503.
HttpResponse to_problem(const Error& error);

// {"data":[…],"next":CURSOR|null}
HttpResponse list_response(Json data, const std::string& next);

}  // namespace parley
