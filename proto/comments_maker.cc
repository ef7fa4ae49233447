// Part of the build: writes what the .proto files say in words as a table for comments.cc.
//   proto_comments_maker SET OUT
// SET: of protoc --include_source_info --include_imports --descriptor_set_out. Comments of files
// outside proto/ are left out.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <cstdio>
#include <fstream>
#include <map>
#include <string>

namespace {

namespace pb = google::protobuf;
using Comments = std::map<std::string, std::string>;  // by full name

// Lines and runs of blanks become one blank.
std::string one_line(const std::string& comment) {
  std::string out;
  bool gap = false;
  for (const char c : comment) {
    if (c == ' ' || c == '\n' || c == '\t') {
      gap = !out.empty();
      continue;
    }
    if (gap) out += ' ';
    gap = false;
    out += c;
  }
  return out;
}

template <typename Descriptor>
void take(const Descriptor& what, bool behind, Comments& out) {
  pb::SourceLocation place;
  if (!what.GetSourceLocation(&place)) return;
  std::string text = one_line(behind ? place.trailing_comments : place.leading_comments);
  if (text.empty()) text = one_line(behind ? place.leading_comments : place.trailing_comments);
  if (!text.empty()) out[what.full_name()] = text;
}

void walk(const pb::Descriptor& message, Comments& out) {
  take(message, false, out);
  for (int i = 0; i < message.field_count(); ++i) take(*message.field(i), true, out);
  for (int i = 0; i < message.nested_type_count(); ++i) walk(*message.nested_type(i), out);
}

std::string literal(const std::string& text) {
  std::string out("\"");
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '?') out += '\\';  // no trigraphs
    out += c;
  }
  return out + "\"";
}

bool write(const Comments& comments, const char* file) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << "// Generated from the .proto files by proto/comments_maker.cc.\n"
         "#include \"proto/comment_table.h\"\n\n"
         "namespace focal::proto {\n\nconst Comment kComments[] = {\n";
  for (const auto& [name, text] : comments)
    out << "    {" << literal(name) << ", " << literal(text) << "},\n";
  out << "};\nconst std::size_t kCommentCount = " << comments.size()
      << ";\n\n}  // namespace focal::proto\n";
  out.close();
  return out.good();
}

}  // namespace

int main(int argc, char** argv) {
  std::ifstream in(argc == 3 ? argv[1] : "", std::ios::binary);
  pb::FileDescriptorSet set;
  if (argc != 3 || !set.ParseFromIstream(&in)) {
    std::fprintf(stderr, "usage: proto_comments_maker SET OUT\n");
    return 2;
  }
  pb::DescriptorPool pool;
  Comments comments;
  for (const pb::FileDescriptorProto& each : set.file()) {
    const pb::FileDescriptor* file = pool.BuildFile(each);
    if (file == nullptr) return 1;  // protobuf has said why
    if (file->name().rfind("proto/", 0) != 0) continue;
    for (int i = 0; i < file->message_type_count(); ++i) walk(*file->message_type(i), comments);
  }
  if (write(comments, argv[2])) return 0;
  std::fprintf(stderr, "proto_comments_maker: cannot write %s\n", argv[2]);
  return 1;
}
