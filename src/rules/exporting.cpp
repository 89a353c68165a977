#include <linecard/rules/exporting.hpp>

#include <linecard/model/attribute.hpp>
#include <linecard/model/billing.hpp>
#include <linecard/rules/policies.hpp>
#include <linecard/rules/roles.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace linecard {

namespace {

template <class T> std::optional<T> unless_empty(const T& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

/// In order of their ids, so that the same tenant gives the same bytes.
template <class T, class Id> void sort_by(std::vector<T>& rows, Id id) { std::ranges::sort(rows, {}, id); }

class exporter {
public:
  exporter(snapshot& facts, id_of<tenant> where, import_tenant& into) : facts_(facts), where_(where), into_(into) {}

  void write() {
    const auto account = facts_.find<&tenant::id>(where_);
    into_.format = export_format;
    for (std::size_t n = 1; n <= detail::words_of<left_out>.size(); ++n)
      into_.left_out.push_back(static_cast<left_out>(n));
    into_.tenant = {.tenant_id = where_, .name = account->name, .created_at = account->created_at};
    const auto policy = policy_of(facts_, where_);
    into_.tenant_policy = {policy.suspended_seats, policy.restore_days, policy.undo_days};
    company();
    authority();
    values();
    people(account->owner_id);
    numbers();
    packages();
  }

private:
  void company() {
    if (const auto s = facts_.find<&subscription::tenant_id>(where_))
      into_.subscriptions.push_back({s->currency, s->statement_day, s->time_zone, s->number_price_minor, s->agreed_at});
    for (const auto& s : facts_.list<&service::tenant_id>(where_))
      into_.enabled_services.push_back({s->name, s->enabled_at});
    for (const auto& o : facts_.list<&offer::tenant_id>(where_)) {
      into_.offers.push_back({o->package_id, o->offered_at});
      named_.insert(o->package_id);
    }
    for (const auto& p : facts_.list<&seat_pool::tenant_id>(where_)) {
      into_.pools.push_back({p->package_id, p->purchased, p->overage, p->included, p->purchase_limit, p->charging,
                             p->grace_seats, p->grace_percent});
      named_.insert(p->package_id);
    }
    for (const auto& r : facts_.list<&assignment_rule::tenant_id>(where_)) {
      into_.assignment_rules.push_back({r->team_role, r->package_id, r->made_at});
      named_.insert(r->package_id);
    }
    if (const auto n = facts_.find<&access_notice::scope_id>(any_id{where_}))
      into_.access_notices.push_back({n->notice_version, n->least_version, n->text, n->terms_link, n->published_at});
    if (const auto r = facts_.find<&number_range::tenant_id>(where_))
      into_.extension_ranges.push_back({r->first, r->last});
  }

  void authority() {
    for (const auto& r : facts_.list<&role::scope_id>(any_id{where_})) {
      auto& row =
          into_.roles.emplace_back(exported_role{.role_id = r->id, .name = r->name, .created_at = r->created_at});
      for (const auto& held : facts_.list<&role_permission::role_id>(r->id))
        (held->restricted ? row.restricted : row.permissions).push_back(held->permission);
    }
    sort_by(into_.roles, &exported_role::role_id);
    for (const auto& g : facts_.list<&grant::scope_id>(any_id{where_}))
      grants_[g->holder_id].push_back({g->id, role_name(facts_, g->role_id), g->starts_at, g->ends_at, g->granted_at});
    for (auto& [holder, held] : grants_) sort_by(held, &exported_grant::grant_id);
  }

  void values() {
    for (const auto& v : facts_.list<&attribute_value::tenant_id>(where_))
      if (v->owner == attribute_owner::tenant)
        into_.field_values.push_back({v->name, v->content});
      else if (v->owner == attribute_owner::user && v->user_id)
        users_values_[*v->user_id].push_back({v->name, v->content});
      else if (v->owner == attribute_owner::did)
        numbers_values_[v->subject].push_back({v->name, v->content, v->user_id.has_value()});
  }

  template <class Who> void access(const Who& who, const fact<identity>& login, auto& row) {
    row.login = {.identity_id = login->id,
                 .email = login->email_as_given,
                 .language = login->language,
                 .state = login->state == identity_state::active ? login_state::active : login_state::suspended};
    row.grants = grants_[who.id];
    for (const auto& held : facts_.list<&held_flag::identity_id>(who.identity_id))
      if (held->holder_id == any_id{who.id}) row.flags.push_back({held->id, held->flag, held->given_at});
    sort_by(row.flags, &exported_flag::flag_id);
  }

  static std::optional<member_state> member_state_of(std::optional<user_state> s) {
    if (!s) return std::nullopt;
    return *s == user_state::invited     ? member_state::invited
           : *s == user_state::suspended ? member_state::suspended
                                         : member_state::active;
  }

  void people(id_of<identity> owner) {
    std::vector<fact<user>> known;
    for (const auto& u : facts_.list<&user::tenant_id>(where_))
      if (u->state != user_state::deleted) known.push_back(u);
    sort_by(known, [](const auto& u) { return u->id; });
    const auto logins = facts_.each<&identity::id>(known, [](const auto& u) { return u->identity_id; });
    for (std::size_t n = 0; n < known.size(); ++n) {
      const auto& u = *known[n];
      at_[u.id] = n;
      auto& row = into_.users.emplace_back(exported_user{.user_id = u.id,
                                                         .state = *member_state_of(u.state),
                                                         .returns_to = member_state_of(u.returns_to),
                                                         .first_name = u.first_name,
                                                         .last_name = u.last_name,
                                                         .language = u.language,
                                                         .external_ref = u.external_ref,
                                                         .created_at = u.created_at});
      access(u, logins[n], row);
      if (u.identity_id == owner) into_.tenant.owner_user_id = u.id;
      if (const auto said = users_values_.find(u.id); said != users_values_.end()) row.field_values = said->second;
    }
    belongings();
    delegates();
  }

  /// The row of somebody who is there; what is left of who is not stays behind.
  exported_user* row_of(id_of<user> id) {
    const auto it = at_.find(id);
    return it == at_.end() ? nullptr : &into_.users[it->second];
  }

  void belongings() {
    for (const auto& s : facts_.list<&seat::tenant_id>(where_))
      if (auto* row = row_of(s->user_id)) {
        row->seats.push_back({s->package_id, s->since, s->by_rule});
        named_.insert(s->package_id);
      }
    for (const auto& m : facts_.list<&team_member::tenant_id>(where_))
      if (auto* row = row_of(m->user_id))
        row->team_members.push_back({m->team_role, m->forwarding_number, m->mobile, m->time_zone, m->bridge_id});
    for (const auto& e : facts_.list<&extension::tenant_id>(where_))
      if (auto* row = row_of(e->user_id)) row->extensions.push_back({e->number, e->international});
    for (const auto& d : facts_.list<&device::tenant_id>(where_))
      if (auto* row = row_of(d->user_id)) row->devices.push_back({d->name, d->description, d->model, d->mac});
    for (const auto& a : facts_.list<&assignment::tenant_id>(where_))
      if (auto* row = row_of(a->user_id)) {
        row->assignments.push_back({a->team_role, a->package_id, a->state, unless_empty(a->reason), a->tried_at});
        named_.insert(a->package_id);
      }
    for (const auto& a : facts_.list<&activity::tenant_id>(where_))
      if (auto* row = row_of(a->user_id)) row->last_active_at = a->last_active_at;
    for (auto& row : into_.users) {
      sort_by(row.seats, &exported_seat::package_id);
      sort_by(row.devices, &device_entry::name);
    }
  }

  void delegates() {
    std::vector<fact<delegate>> known;
    for (const auto& d : facts_.list<&delegate::tenant_id>(where_))
      if (d->state != delegate_state::removed) known.push_back(d);
    sort_by(known, [](const auto& d) { return d->id; });
    const auto logins = facts_.each<&identity::id>(known, [](const auto& d) { return d->identity_id; });
    for (std::size_t n = 0; n < known.size(); ++n) {
      const auto& d = *known[n];
      auto& row = into_.delegates.emplace_back(
          exported_delegate{.delegate_id = d.id,
                            .state = d.state == delegate_state::pending ? access_state::pending : access_state::active,
                            .first_name = d.first_name,
                            .last_name = d.last_name,
                            .language = d.language,
                            .invited_at = d.invited_at,
                            .review_at = d.review_at,
                            .lapses = d.lapses,
                            .ends_at = d.ends_at});
      access(d, logins[n], row);
    }
  }

  void numbers() {
    for (const auto& d : facts_.list<&did::tenant_id>(where_))
      into_.dids.push_back({.direct_number = d->number,
                            .use = d->use,
                            .user_id = d->user_id,
                            .label = unless_empty(d->label),
                            .e911 = d->e911,
                            .order_key = d->order_key,
                            .added_at = d->added_at,
                            .field_values = numbers_values_[d->number]});
    sort_by(into_.dids, &exported_did::direct_number);
  }

  /// Last: those that anything above names.
  void packages() {
    for (const auto& sku : facts_.each<&package::id>(named_, [](auto id) { return id; })) {
      auto& row = into_.packages.emplace_back(exported_package{.package_id = sku->id,
                                                               .name = sku->name,
                                                               .kind = sku->kind,
                                                               .state = sku->state,
                                                               .price_minor = sku->price_minor,
                                                               .number_price_minor = sku->number_price_minor,
                                                               .currency = sku->currency,
                                                               .created_at = sku->created_at});
      contents_of(facts_, row);
    }
  }

  snapshot& facts_;
  id_of<tenant> where_;
  import_tenant& into_;
  std::set<id_of<package>> named_{};
  std::map<any_id, std::vector<exported_grant>> grants_{};
  std::map<id_of<user>, std::size_t> at_{};
  std::map<id_of<user>, std::vector<exported_value>> users_values_{};
  std::map<std::string, std::vector<exported_number_value>> numbers_values_{};
};

} // namespace

void contents_of(snapshot& facts, exported_package& sku) {
  for (const auto& f : facts.list<&package_feature::package_id>(sku.package_id))
    sku.features.push_back({f->feature, f->setting});
  for (const auto& s : facts.list<&package_service::package_id>(sku.package_id)) sku.services.push_back(s->service);
}

refusal export_tenant::ask(snapshot& facts, const ingredients& with, answer& into) const {
  exporter(facts, with.tenant_id(), into).write();
  return std::nullopt;
}

} // namespace linecard
