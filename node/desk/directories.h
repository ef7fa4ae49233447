// The directories of introducers as people see them: which count, what they list, and where
// they disagree. Called on the node's loop thread, inside Node::perform().
#pragma once

#include <string>

#include "node/node/node.h"

namespace focal::api::v1 {
class DirectoryCompareResponse;
class DirectoryListResponse;
class DirectoryShowResponse;
}  // namespace focal::api::v1

namespace focal::desk {

namespace v1 = focal::api::v1;

// "2 of UNODA, OSCE"; empty: nobody introduces.
std::string policy_text(const config::Introduce& introduce);

void list_directories(node::Node& node, v1::DirectoryListResponse* out);
// kNotFound: no directory of that introducer is here.
Status show_directory(node::Node& node, const std::string& introducer,
                      v1::DirectoryShowResponse* out);
void compare_all(node::Node& node, v1::DirectoryCompareResponse* out);

}  // namespace focal::desk
