// SPDX-License-Identifier: Apache-2.0
// In: the headers of fmt 9. Out: what they declare as being in fmt's library, compiled here: Debian
// has that library as a shared one only, and in every file that formats (22 of them) it takes 2.5 s
// each to compile. Cold.
#include <fmt/format-inl.h>

FMT_BEGIN_NAMESPACE
namespace detail {

template FMT_API auto dragonbox::to_decimal(float number) noexcept -> dragonbox::decimal_fp<float>;
template FMT_API auto dragonbox::to_decimal(double number) noexcept
    -> dragonbox::decimal_fp<double>;

template FMT_API locale_ref::locale_ref(const std::locale& locale);
template FMT_API auto locale_ref::get<std::locale>() const -> std::locale;
template FMT_API auto thousands_sep_impl(locale_ref locale) -> thousands_sep_result<char>;
template FMT_API auto decimal_point_impl(locale_ref locale) -> char;

template FMT_API void buffer<char>::append(const char* begin, const char* end);
template FMT_API void vformat_to(buffer<char>& buffer, string_view format,
                                 basic_format_args<buffer_context<char>> values, locale_ref locale);

}  // namespace detail
FMT_END_NAMESPACE
