#include "proto/json.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/message.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/type_resolver_util.h>

#include <charconv>
#include <memory>

#include "base/check.h"

namespace focal::json {
namespace {

namespace pb = google::protobuf;

constexpr std::size_t kMaxDetail = 200;  // of what protobuf says about a value

// protobuf says "(a.b[0]) name: Cannot find field.", "name: Cannot find field." or
// "(a.b): invalid value 1 for type TYPE_STRING".
Error explain(std::string_view said) {
  std::string path;
  std::string_view rest = said;
  if (!rest.empty() && rest.front() == '(') {
    const auto end = rest.find(')');
    if (end != std::string_view::npos) {
      path = rest.substr(1, end - 1);
      rest.remove_prefix(end + 1);
      if (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
    }
  }
  const auto unknown = rest.rfind(": Cannot find field.");
  if (unknown != std::string_view::npos) {
    if (!path.empty()) path += '.';
    path += rest.substr(0, unknown);
    return fail(ErrorCode::kInvalid, "there is no field \"" + path + "\"",
                "check the spelling; unknown fields are refused", path);
  }
  const auto ends_with = [&rest](std::string_view tail) {
    return rest.size() >= tail.size() && rest.substr(rest.size() - tail.size()) == tail;
  };
  std::string wanted;
  if (ends_with("TYPE_STRING")) wanted = "text in double quotes";
  else if (ends_with("TYPE_UINT32") || ends_with("TYPE_UINT64"))
    wanted = "a whole number, 0 or more";
  else if (ends_with("TYPE_INT32") || ends_with("TYPE_INT64")) wanted = "a whole number";
  else if (ends_with("TYPE_BOOL")) wanted = "true or false";
  else if (ends_with("TYPE_DOUBLE") || ends_with("TYPE_FLOAT")) wanted = "a number";
  else if (ends_with("TYPE_BYTES")) wanted = "base64 in double quotes";
  else if (rest.find("type.googleapis.com/") != std::string_view::npos) wanted = "an object {…}";
  const std::string where = path.empty() ? "the JSON text" : "\"" + path + "\"";
  if (!wanted.empty())
    return fail(ErrorCode::kInvalid, where + " has a value of the wrong type", "expected " + wanted,
                path);
  if (rest.find("Root element must be a message") != std::string_view::npos)
    return fail(ErrorCode::kInvalid, "the JSON text is not one object {…}", {}, path);
  if (!rest.empty() && rest.front() == ':') rest.remove_prefix(1);
  return fail(ErrorCode::kInvalid,
              where + " cannot be read:" + std::string(rest.substr(0, kMaxDetail)), {}, path);
}

std::string to_text(const pb::Message& message, const pb::util::JsonPrintOptions& options) {
  // By way of deterministic bytes: maps are otherwise printed in an order of their own.
  std::string bytes;
  {
    pb::io::StringOutputStream stream(&bytes);
    pb::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    FOCAL_CHECK(message.SerializePartialToCodedStream(&coded));
  }
  const pb::Descriptor& type = *message.GetDescriptor();
  const std::unique_ptr<pb::util::TypeResolver> resolver(
      pb::util::NewTypeResolverForDescriptorPool("type.googleapis.com", type.file()->pool()));
  std::string out;
  const auto status = pb::util::BinaryToJsonString(
      resolver.get(), "type.googleapis.com/" + type.full_name(), bytes, &out, options);
  return status.ok() ? out : std::string();
}

}  // namespace

Status read(std::string_view text, pb::Message& message, Unknown unknown) {
  message.Clear();
  FOCAL_TRY(check_text(text));
  pb::util::JsonParseOptions options;
  options.ignore_unknown_fields = unknown == Unknown::kIgnore;
  const auto status = pb::util::JsonStringToMessage(
      pb::StringPiece(text.data(), static_cast<std::ptrdiff_t>(text.size())), &message, options);
  if (!status.ok()) {
    message.Clear();
    const auto said = status.message();
    return explain({said.data(), said.size()});
  }
  return {};
}

std::string write(const pb::Message& message, bool indented) {
  pb::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  options.add_whitespace = indented;
  std::string out = to_text(message, options);
  FOCAL_CHECK(!out.empty());  // api messages hold nothing JSON cannot say
  return out;
}

std::string write_set(const pb::Message& message, bool indented) {
  pb::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.add_whitespace = indented;
  std::string out = to_text(message, options);
  FOCAL_CHECK(!out.empty());
  return out;
}

Status to_struct(const pb::Message& message, pb::Struct& out) {
  pb::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  const std::string text = to_text(message, options);
  if (text.empty())
    return fail(ErrorCode::kInvalid, "the message has no JSON form", {}, message.GetTypeName());
  return read(text, out);
}

Status from_struct(const pb::Struct& from, pb::Message& message) {
  const std::string text = to_text(from, {});
  if (text.empty()) return fail(ErrorCode::kInvalid, "the record holds a number JSON cannot say");
  return read(text, message);
}

Status set_field(pb::Message& message, std::string_view name, std::string_view text) {
  const pb::FieldDescriptor* field =
      message.GetDescriptor()->FindFieldByName(std::string(name));
  const std::string path(name);
  if (field == nullptr || field->cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE)
    return fail(ErrorCode::kInvalid, "there is no parameter \"" + path + "\"", {}, path);
  const pb::Reflection& r = *message.GetReflection();
  const Error wrong = fail(ErrorCode::kInvalid, "\"" + path + "\" has a value of the wrong type",
                           {}, path);
  const auto whole = [&text](auto& value) {
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    return error == std::errc() && stop == end;
  };
  const bool many = field->is_repeated();
  switch (field->cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_STRING:
      many ? r.AddString(&message, field, std::string(text))
           : r.SetString(&message, field, std::string(text));
      return {};
    case pb::FieldDescriptor::CPPTYPE_BOOL: {
      if (text != "true" && text != "false") return wrong;
      many ? r.AddBool(&message, field, text == "true")
           : r.SetBool(&message, field, text == "true");
      return {};
    }
    case pb::FieldDescriptor::CPPTYPE_UINT32: {
      std::uint32_t value = 0;
      if (!whole(value)) return wrong;
      many ? r.AddUInt32(&message, field, value) : r.SetUInt32(&message, field, value);
      return {};
    }
    case pb::FieldDescriptor::CPPTYPE_UINT64: {
      std::uint64_t value = 0;
      if (!whole(value)) return wrong;
      many ? r.AddUInt64(&message, field, value) : r.SetUInt64(&message, field, value);
      return {};
    }
    default:
      return wrong;
  }
}

std::string get_text(const pb::Message& message, std::string_view name) {
  const pb::FieldDescriptor* field =
      message.GetDescriptor()->FindFieldByName(std::string(name));
  if (field == nullptr || field->is_repeated() ||
      field->cpp_type() != pb::FieldDescriptor::CPPTYPE_STRING)
    return {};
  return message.GetReflection()->GetString(message, field);
}

}  // namespace focal::json
