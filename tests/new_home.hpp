// A directory with a container and nobody in it but its operator: where an exported tenant comes to.
#pragma once

#include "kit.hpp"

namespace kit {

struct new_home {
  std::shared_ptr<still_clock> clock = std::make_shared<still_clock>();
  directory dir;
  actor operator_, in_container;

  /// `fields`: those of the host's own that the documents use.
  explicit new_home(std::unique_ptr<store> on, const std::vector<attribute_row>& fields = {})
      : dir(must(directory::create({.store = std::move(on),
                                    .clock = clock,
                                    .random = std::make_shared<seeded_random>(7),
                                    .passwords = std::make_shared<quick_hasher>()}))
                .opened),
        operator_(must(dir.bootstrap_operator("new.root@example.com"))) {
    const auto id = must(dir.run(operator_, create_container{.name = "pbx-9"})).created_id<container>();
    in_container = must(dir.open_actor(operator_.identity_id(), id));
    for (const auto& f : fields)
      static_cast<void>(must(dir.run(
          operator_, declare_attribute{.owner = f.owner, .name = f.name, .type = f.type, .searched = f.searched})));
  }
  actor at(id_of<tenant> id) { return must(dir.open_actor(operator_.identity_id(), id)); }
  import_tenant exported(id_of<tenant> id) { return must(dir.ask(at(id), export_tenant{})); }
};

} // namespace kit
