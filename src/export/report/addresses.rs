/// An address with nothing but the characters that an address may have: others as the numbers of their bytes.
///
/// Word takes a file for damaged when an address in it is none.
pub(super) fn uri(address: &str) -> String {
    let bytes = address.as_bytes();
    let mut uri = String::with_capacity(address.len());
    for (index, byte) in bytes.iter().enumerate() {
        let digit = |offset: usize| bytes.get(index + offset).is_some_and(u8::is_ascii_hexdigit);
        let whole = *byte != b'%' || (digit(1) && digit(2));
        if whole && (byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&'()*+,;=%".contains(byte)) {
            uri.push(char::from(*byte));
        } else {
            uri += &by_number(*byte);
        }
    }
    uri
}

/// A byte as addresses have those that they cannot have as they are.
pub(super) fn by_number(byte: u8) -> String {
    format!("%{byte:02X}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_no_character_that_they_may_not_have() {
        assert_eq!(uri("https://x.org/a%20b?c=d&e#f"), "https://x.org/a%20b?c=d&e#f");
        assert_eq!(uri("http://ä/[a b]%zz%"), "http://%C3%A4/%5Ba%20b%5D%25zz%25");
    }
}
