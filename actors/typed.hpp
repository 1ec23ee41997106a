// What the types of messages.hpp and interfaces.hpp say about who may be told or asked what. All of
// it follows from the messages' `home` and `reply` and from the three lists.
#pragma once

#include "actors/interfaces.hpp"

#include <concepts>
#include <type_traits>

namespace actors {

#define SAME(message) || std::is_same_v<T, message>
template <class T>
concept question = false ACTORS_QUESTIONS(SAME);
template <class T>
concept news = false ACTORS_NEWS(SAME);
template <class T>
concept inner_message = false ACTORS_INNER_MESSAGES(SAME);
#undef SAME

template <class T>
concept message = question<T> || news<T> || inner_message<T>;
// Is asked; every other message is told.
template <class T>
concept asked = message<T> && requires {
    typename T::reply;
};

// The supervisor passes on what it is told or asked.
template <class T, actor To>
concept lives_in = message<T> &&
    (T::home == To || (To == actor::supervisor && (question<T> || news<T>)));

// The type of the answer; void when there is none.
template <class T> struct reply_type { using type = void; };
template <asked T> struct reply_type<T> { using type = typename T::reply; };
#define SAME(message) || std::is_same_v<T, reply_type<message>::type>
template <class T>
concept answer = std::is_same_v<T, error> ACTORS_QUESTIONS(SAME)
ACTORS_INNER_MESSAGES(SAME);
#undef SAME

} // namespace actors
