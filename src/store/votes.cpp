#include "store/votes.h"

#include "base/error.h"
#include "base/utc_time.h"

namespace retort {
namespace {

constexpr size_t kMostAnswers = 8;

void Check(const VoteRow& vote) {
  if (vote.answers.size() < 2 || vote.answers.size() > kMostAnswers) {
    Fail(ErrorCode::kInvalidArgument, "a vote has {} answers; it takes 2 to {}",
         vote.answers.size(), kMostAnswers);
  }
  if (vote.best && (*vote.best < 0 || *vote.best >= std::ssize(vote.answers))) {
    Fail(ErrorCode::kInvalidArgument, "best is {}; there are answers 0 to {}", *vote.best,
         vote.answers.size() - 1);
  }
  for (const VotedAnswer& answer : vote.answers) {
    if (answer.model.empty()) {
      Fail(ErrorCode::kInvalidArgument, "an answer of a vote names no model");
    }
  }
}

}  // namespace

int64_t AddVote(RunStore& store, const VoteRow& vote) {
  Check(vote);
  Database& database = store.database();
  Transaction transaction(database);
  Statement(database, "INSERT INTO votes (voted_at, prompt, best) VALUES (?, ?, ?)")
      .Run(vote.voted_at.empty() ? UtcNow() : vote.voted_at, vote.prompt, vote.best);
  const int64_t number = database.LastRowId();
  Statement insert(database, "INSERT INTO vote_answers VALUES (?, ?, ?, ?, ?)");
  for (size_t i = 0; i < vote.answers.size(); ++i) {
    const VotedAnswer& answer = vote.answers[i];
    insert.Run(number, i, answer.model, answer.answer, answer.reasoning);
  }
  transaction.Commit();
  return number;
}

std::vector<VoteRow> Votes(RunStore& store, const VoteFilter& filter) {
  Database& database = store.database();
  Statement query(database,
                  "SELECT number, voted_at, prompt, best FROM votes WHERE ?1 = '' OR EXISTS "
                  "(SELECT 1 FROM vote_answers WHERE vote = number AND model = ?1) "
                  "ORDER BY number DESC LIMIT ?2");
  Statement answers(database,
                    "SELECT model, answer, reasoning FROM vote_answers WHERE vote = ? "
                    "ORDER BY position");
  std::vector<VoteRow> votes;
  for (query.Bind(filter.model, filter.last > 0 ? filter.last : int64_t{-1}); query.Step();) {
    VoteRow vote{.number = query.Int(0), .voted_at = query.Text(1), .prompt = query.Text(2)};
    if (const auto best = query.MaybeInt(3)) vote.best = static_cast<int>(*best);
    for (answers.Bind(vote.number); answers.Step();) {
      vote.answers.push_back({answers.Text(0), answers.Text(1), answers.Text(2)});
    }
    votes.push_back(std::move(vote));
  }
  return votes;
}

std::vector<VotePair> VoteTally(RunStore& store) {
  Statement query(store.database(),
                  "SELECT a.model, b.model, sum(best IS a.position), sum(best IS b.position), "
                  "sum(best IS NULL) FROM votes JOIN vote_answers AS a ON a.vote = number "
                  "JOIN vote_answers AS b ON b.vote = number AND a.model < b.model "
                  "GROUP BY a.model, b.model ORDER BY a.model, b.model");
  std::vector<VotePair> pairs;
  for (query.Bind(); query.Step();) {
    pairs.push_back({query.Text(0), query.Text(1), query.Int(2), query.Int(3), query.Int(4)});
  }
  return pairs;
}

}  // namespace retort
