// The parameters of a Graph call, which come in the query, as a JSON object or as a form.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/graph_call.hpp"

namespace parley::sim {

class CallParameters {
  public:
    explicit CallParameters(const GraphCall& call);

    bool is_broken() const { return is_broken_; }  // the body is neither empty, nor JSON, nor a form
    // Numbers of JSON as text, too; empty when it is absent.
    std::string text(std::string_view name) const;
    const Json& body() const { return body_; }  // an object

    // Of ?fields=a,b{c}: a and b. Empty: not asked.
    std::vector<std::string> fields() const;

  private:
    std::string_view query_, form_;
    Json body_ = Json::object();
    bool is_broken_ = false;
};

// The fields of `object` that the call asks for, and its id; all of `defaults` when it asks for none. Code 100 for a
// field that the object does not have.
GraphReply pick_fields(const Json& object, const GraphCall& call, const std::vector<std::string>& defaults);

}  // namespace parley::sim
