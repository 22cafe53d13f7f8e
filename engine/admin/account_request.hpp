// The bodies of the account calls: read whole, every mistake told at once.
#pragma once

#include <nlohmann/json.hpp>

#include "admin/account_directory.hpp"

namespace parley {

// Reads members of one JSON object and gathers what is wrong with them.
class BodyReader {
  public:
    // What is no JSON object is a mistake of the field "".
    explicit BodyReader(std::string_view body);
    BodyReader(nlohmann::json object, std::string path, std::vector<FieldMistake>& mistakes);

    bool has(const std::string& name) const { return json_.contains(name) && !json_[name].is_null(); }
    // "" when it is not there. A number is taken for its digits.
    std::string text(const std::string& name, std::size_t most = 1024);
    std::string digits(const std::string& name);
    Secret secret(const std::string& name);
    DeploymentId account_id();
    void must_have(const std::string& name);
    void only(const std::vector<std::string_view>& known);
    void wrong(const std::string& name, std::string message);
    const nlohmann::json& object() const { return json_; }
    std::vector<FieldMistake>& mistakes() { return *mistakes_; }

  private:
    std::vector<FieldMistake> own_;
    std::vector<FieldMistake>* mistakes_ = &own_;
    nlohmann::json json_ = nlohmann::json::object();
    std::string path_;
};

// invalid_input with all mistakes.
AccountFailure refused(std::vector<FieldMistake> mistakes);

AccountResult<NewAccount> read_new_account(std::string_view body);
const std::vector<std::string_view>& account_fields();  // that it may have

struct CodeRequest {
    DeploymentId id;
    CodeMethod method = CodeMethod::sms;
    std::string language;
};
AccountResult<CodeRequest> read_code_request(std::string_view body);

struct CodeAnswer {
    DeploymentId id;
    Secret code;
};
AccountResult<CodeAnswer> read_code_answer(std::string_view body);

}  // namespace parley
