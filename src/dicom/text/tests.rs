use super::*;

fn name(declared: &str, bytes: &[u8]) -> String {
    Charset::new(declared.as_bytes()).decode_name(bytes)
}

#[test]
fn the_examples_of_the_standard() {
    // PS3.5 H.3.1, H.3.2, I.2, J.1, J.2, J.3 and K.2.
    let japanese = b"Yamada^Tarou=\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B=\x1B$B$d$^$@\x1B(B^\x1B$B$?$m$&\x1B(B";
    assert_eq!(name("\\ISO 2022 IR 87", japanese), "Yamada^Tarou=山田^太郎=やまだ^たろう");
    let katakana = b"\xD4\xCF\xC0\xDE^\xC0\xDB\xB3=\x1B$B;3ED\x1B(J^\x1B$BB@O:\x1B(J=\x1B$B$d$^$@\x1B(J^\x1B$B$?$m$&\x1B(J";
    assert_eq!(name("ISO 2022 IR 13\\ISO 2022 IR 87", katakana), "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう");
    let korean =
        b"Hong^Gildong=\x1B$)C\xFB\xF3^\x1B$)C\xD1\xCE\xD4\xD7=\x1B$)C\xC8\xAB^\x1B$)C\xB1\xE6\xB5\xBF";
    assert_eq!(name("\\ISO 2022 IR 149", korean), "Hong^Gildong=洪^吉洞=홍^길동");
    let utf8 = b"Wang^XiaoDong=\xE7\x8E\x8B^\xE5\xB0\x8F\xE6\x9D\xB1=";
    assert_eq!(name("ISO_IR 192", utf8), "Wang^XiaoDong=王^小東=");
    let chinese = b"Wang^XiaoDong=\xCD\xF5^\xD0\xA1\xB6\xAB=";
    assert_eq!(name("GB18030", chinese), "Wang^XiaoDong=王^小东=");
    assert_eq!(name("GBK", chinese), "Wang^XiaoDong=王^小东=");
    let extended = b"Zhang^XiaoDong=\x1B$)A\xD5\xC5^\x1B$)A\xD0\xA1\xB6\xAB=";
    assert_eq!(name("\\ISO 2022 IR 58", extended), "Zhang^XiaoDong=张^小东=");
}

/// Made with Python's codecs.
const SINGLE: [(&str, &[u8], &str); 11] = [
    ("100", b"Buc^J\xe9r\xf4me", "Buc^Jérôme"),
    ("101", b"Wa\xb3\xeasa^Lech", "Wałęsa^Lech"),
    ("109", b"\xc5ensu^\xd5or\xf5", "Ċensu^Ġorġ"),
    ("110", b"\xd3\xbani\xf1\xb9^J\xe0nis", "Ķēniņš^Jānis"),
    ("144", b"\xbb\xee\xdace\xdc\xd1yp\xd3", "Люкceмбypг"),
    ("127", b"\xe2\xc8\xc7\xe6\xea^\xe4\xe6\xd2\xc7\xd1", "قباني^لنزار"),
    ("126", b"\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2", "Διονυσιος"),
    ("138", b"\xf9\xf8\xe5\xef^\xe3\xe1\xe5\xf8\xe4", "שרון^דבורה"),
    ("148", b"\xc7a\xf0r\xfd^I\xfe\xfdk", "Çağrı^Işık"),
    ("203", b"L\xbduillet^\xb4ofie\xa4", "Lœuillet^Žofie€"),
    ("166", b"\xb9\xd2\xc1\xca\xa1\xd8\xc5^\xaa\xd7\xe8\xcd\xb5\xe9\xb9", "นามสกุล^ชื่อต้น"),
];

#[test]
fn every_single_byte_set_with_and_without_extensions() {
    let escapes = ["-A", "-B", "-C", "-D", "-L", "-G", "-F", "-H", "-M", "-b", "-T"];
    for ((number, bytes, expected), escape) in SINGLE.into_iter().zip(escapes) {
        // As it should be, and as people misspell it.
        for spelling in ["ISO_IR ", "ISO 2022 IR ", "ISO IR ", "iso_ir_", "ISO-IR ", "ISO_IR", "iso2022 ir "]
        {
            assert_eq!(name(&format!("{spelling}{number}"), bytes), expected, "{spelling}{number}");
        }
        // Reached by an escape sequence, which each caret ends.
        let escape = [b"\x1B", escape.as_bytes()].concat();
        let parts: Vec<Vec<u8>> = bytes.split(|b| *b == b'^').map(|part| [&escape, part].concat()).collect();
        let extended = parts.join(&b'^');
        assert_eq!(name(&format!("\\ISO 2022 IR {number}"), &extended), expected, "{number}");
        // A writer that switches only once.
        let once = [&escape, bytes].concat();
        assert_eq!(name(&format!("\\ISO 2022 IR {number}"), &once), expected, "{number}");
        // A writer that forgets to switch.
        assert_eq!(name(&format!("\\ISO 2022 IR {number}"), bytes), expected, "{number}");
    }
}

#[test]
fn names_that_are_no_defined_terms() {
    for (declared, bytes, expected) in [
        ("ISO-8859-1", &b"J\xe9r\xf4me"[..], "Jérôme"),
        ("ISO8859-5", b"\xbb\xee\xdace", "Люкce"),
        ("windows-1251", b"\xcf\xf3\xf8\xea\xe8\xed", "Пушкин"),
        ("UTF-8", b"\xe5\xb0\x8f\xe6\x9d\xb1", "小東"),
        ("utf8", b"\xe5\xb0\x8f\xe6\x9d\xb1", "小東"),
        ("ISO 2022 IR 192", b"\xe5\xb0\x8f\xe6\x9d\xb1", "小東"),
        ("GB2312", b"\xcd\xf5^\xd0\xa1\xb6\xab", "王^小东"),
        ("gbk", b"\xcd\xf5^\xd0\xa1\xb6\xab", "王^小东"),
        ("Shift_JIS", b"\x8eR\x93c^\x91\xbe\x98Y", "山田^太郎"),
        ("ISO_IR 149", b"\xb1\xe8\xc8\xf1\xc1\xdf", "김희중"),
        ("nonsense", b"J\xe9r\xf4me", "Jérôme"),
    ] {
        assert_eq!(name(declared, bytes), expected, "{declared}");
    }
}

#[test]
fn wrong_declarations_lose_nothing() {
    for (declared, bytes, expected) in [
        // Declared ASCII.
        ("", &b"M\xc3\xbcller^\xe5\xb1\xb1\xe7\x94\xb0"[..], "Müller^山田"),
        ("ISO_IR 6", b"M\xfcller^J\xfcrgen", "Müller^Jürgen"),
        ("", b"\xc7a\xe7\xe3o^Jos\xe9", "Çação^José"),
        ("", b"\x8eR\x93c^\x91\xbe\x98Y", "山田^太郎"),
        ("ISO_IR 6", b"\x93\x8c\x8b\x9e\x91\xe5\x8aw\x95a\x89@", "東京大学病院"),
        ("", b"\xb1\xb1\xbe\xa9\xb4\xf3\xd1\xa7\xb5\xda\xd2\xbb\xd2\xbd\xd4\xba", "北京大学第一医院"),
        // Declared UTF-8, but Latin-1.
        ("ISO_IR 192", b"Buc^J\xe9r\xf4me", "Buc^Jérôme"),
        // Declared Latin-1, but UTF-8.
        ("ISO_IR 100", b"Buc^J\xc3\xa9r\xc3\xb4me", "Buc^Jérôme"),
        ("ISO_IR 100", b"\xe5\xb0\x8f\xe6\x9d\xb1", "小東"),
        ("GB18030", b"\xe5\xb0\x8f\xe6\x9d\xb1", "小東"),
        // Declared half-width katakana, but Shift-JIS.
        ("ISO_IR 13", b"\x8eR\x93c^\x91\xbe\x98Y", "山田^太郎"),
        ("ISO_IR 13", b"\xd4\xcf\xc0\xde^\xc0\xdb\xb3", "ﾔﾏﾀﾞ^ﾀﾛｳ"),
        // Escape sequences in a file that declares none.
        ("", b"\x1B$B;3ED\x1B(B", "山田"),
        ("ISO_IR 192", b"\x1B$)C\xb1\xe8\xc8\xf1\xc1\xdf", "김희중"),
    ] {
        assert_eq!(name(declared, bytes), expected, "{declared}");
    }
}

#[test]
fn what_cannot_be_read_is_seen() {
    assert_eq!(name("ISO_IR 192", b"A\x81B"), "A<81>B");
    assert_eq!(name("ISO_IR 144", b"\xbb\x85\xee"), "Л<85>ю");
    assert_eq!(name("\\ISO 2022 IR 87", b"A\x1B%9B\x1B$B;3\x1B(B"), "A<1B>%9B山");
    assert_eq!(name("ISO_IR 100", b"A\0B\x07"), "A<00>B<07>");
    assert_eq!(name("\\ISO 2022 IR 149", b"\x1B$)C\xb1\xe8\xff"), "김<FF>");
    // Every byte by itself, in every set: never nothing, never a panic.
    for declared in
        ["", "ISO_IR 192", "GB18030", "ISO_IR 13", "\\ISO 2022 IR 149", "ISO_IR 100", "ISO_IR 166"]
    {
        for byte in (1..=0xFF).filter(|byte| *byte != b' ') {
            assert!(!name(declared, &[byte]).is_empty(), "{declared} {byte:02X}");
            assert!(!name(declared, &[0x1B, b'$', b'B', byte]).is_empty(), "{byte:02X}");
        }
    }
}

#[test]
fn a_second_byte_of_0x5c_is_no_separator() {
    // PS3.5 6.1.2.3: 0x5C as half of a character is not the backslash between values.
    for (declared, bytes, expected) in [
        ("GBK", &b"\x81\x5c^\xd5\x5c\\B"[..], ["乗^誠", "B"]),
        ("GB18030", b"\x819\xee9^\x954\xb25\\B", ["㐀^𠮷", "B"]),
        ("ISO_IR 13", b"\x83\x5c\x95\x5c^\x8f\x5c\\B", ["ソ表^十", "B"]),
        ("\\ISO 2022 IR 87", b"\x1B$B$\\;3\x1B(B\\B", ["ぼ山", "B"]),
    ] {
        let text = name(declared, bytes);
        assert_eq!(text.split('\\').collect::<Vec<_>>(), expected, "{declared}");
    }
}

#[test]
fn extensions_end_with_the_line_and_in_names_with_each_part() {
    let korean = Charset::new(b"ISO 2022 IR 100\\ISO 2022 IR 149");
    // The first set is active again after a line, and in a name after a caret.
    assert_eq!(korean.decode(b"\x1B$)C\xb1\xe8\r\n\xe9t\xe9"), "김\r\nété");
    assert_eq!(korean.decode_name(b"\x1B$)C\xb1\xe8^\xe9t\xe9"), "김^été");
    // In other text a caret is a caret.
    assert_eq!(korean.decode(b"\x1B$)C\xb1\xe8^\xb1\xe8"), "김^김");
    // JIS X 0212 (ISO 2022 IR 159) after JIS X 0208.
    let japanese = Charset::new(b"\\ISO 2022 IR 87\\ISO 2022 IR 159");
    assert_eq!(japanese.decode(b"\x1B$(D0!\x1B$B;3\x1B(BA"), "丂山A");
}
