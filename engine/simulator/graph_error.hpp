// Errors in Graph's own words and form: as the body of an answer, and as the element of a failed status.
#pragma once

#include <string>
#include <string_view>

#include "simulator/json.hpp"

namespace parley::sim {

struct GraphError {
    int http_status = 400;
    int code = 100;
    int subcode = 0;  // 0: none
    std::string type = "OAuthException";
    std::string message;  // as it stands in the answer, with "(#code) " where Graph has it
    std::string title;    // as it stands in a status
    std::string details;  // error_data.details; empty: no error_data
    bool transient = false;
    std::string user_message;  // error_user_msg, which account calls have instead of details; empty: none
};

// The error of that code with the HTTP status and the wording that Graph is known to use. Codes that the
// table does not know are 400, and 500 below 10.
GraphError graph_error(int code, std::string details = {});

// Code 100 with a text of its own, for example "Param text['body'] must be a string."
GraphError parameter_error(std::string text);

// Code 100, subcode 33: the object in the URL does not exist.
GraphError unknown_object(std::string_view id);

// An error of an account call, with a sentence for people. Meta writes the meaning into the subcode; 0: none.
GraphError account_error(int code, int subcode, std::string user_message);

// Code 190: no Bearer token, or another one than the number's.
GraphError bad_token();

// Code 190, subcode 463.
GraphError expired_token();

std::string error_body(const GraphError& error, const std::string& trace_id);
std::string authenticate_header(const GraphError& error);  // the value of WWW-Authenticate
Json status_error(const GraphError& error);                // an element of statuses[].errors

}  // namespace parley::sim
