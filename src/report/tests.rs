use std::time::{Duration, Instant};

use super::{Align, Block, Span, blocks, plain_words};

/// The words with a letter for each look.
fn looks(markdown: &str) -> Vec<(String, String)> {
    let told = |span: &Span| {
        let all = [
            (span.bold, 'b'),
            (span.italic, 'i'),
            (span.code, 'c'),
            (span.struck, 's'),
            (span.raised, '^'),
            (span.lowered, '~'),
            (span.link.is_some(), 'l'),
        ];
        (span.text.clone(), all.iter().filter(|(is, _)| *is).map(|(_, letter)| letter).collect())
    };
    match &blocks(markdown)[..] {
        [Block::Paragraph(words)] => words.iter().map(told).collect(),
        other => panic!("{other:?}"),
    }
}

fn told(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(text, looks)| ((*text).to_owned(), (*looks).to_owned())).collect()
}

#[test]
fn words_have_their_looks() {
    let seen = looks("a **b _c_** `d*` ~~e~~ [f **g**](https://x.org/a?b=1) h\ni\\\nj<br>k");
    let expected = [
        ("a ", ""),
        ("b ", "b"),
        ("c", "bi"),
        (" ", ""),
        ("d*", "c"),
        (" ", ""),
        ("e", "s"),
        (" ", ""),
        ("f ", "l"),
        ("g", "bl"),
        (" h i\nj\nk", ""),
    ];
    assert_eq!(seen, told(&expected));
}

#[test]
fn words_are_raised_and_lowered_inside_words_too() {
    let seen = looks("10^9^/L H~2~O ~x~ m^*a*`b c`^ **r^2^**");
    let expected = [
        ("10", ""),
        ("9", "^"),
        ("/L H", ""),
        ("2", "~"),
        ("O ", ""),
        ("x", "~"),
        (" m^", ""),
        ("a", "i"),
        ("b c", "c"),
        ("^ ", ""),
        ("r", "b"),
        ("2", "b^"),
    ];
    assert_eq!(seen, told(&expected));
    assert_eq!(looks("~5^2^"), told(&[("~5", ""), ("2", "^")]));
    assert_eq!(looks("^a~b^~"), told(&[("a~b", "^"), ("~", "")]));
    for plain in ["2^3 and 4^5", "~5 to ~6", "a ^ b ^ c", "^^", "x^"] {
        assert_eq!(looks(plain), told(&[(plain, "")]));
    }
    assert_eq!(looks("2\\^3\\^ &#94;3&#94;"), told(&[("2^3^ ^3^", "")]));
}

#[test]
fn links_lead_to_the_web_or_to_mail() {
    let links = |markdown: &str| match &blocks(markdown)[..] {
        [Block::Paragraph(words)] => words.iter().filter_map(|span| span.link.clone()).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        links("[a](http://a) [b](HTTPS://b) [c](mailto:c@d) <e@f.org> <https://g>"),
        ["http://a", "HTTPS://b", "mailto:c@d", "mailto:e@f.org", "https://g"]
    );
    assert!(
        links("[a](file:///etc) [b](javascript:x) [c](d.md) [e](data:x) [f](https://a&#10;b)").is_empty()
    );
    assert_eq!(looks("[a](file:///etc) ![alt *text*](x.png)"), told(&[("a alt ", ""), ("text", "i")]));
}

#[test]
fn html_is_words() {
    assert_eq!(looks("a <b>c</b> &amp; <!-- d -->"), told(&[("a <b>c</b> & <!-- d -->", "")]));
    let all = blocks("<script>\r\nx\r\n</script>\r\n");
    assert!(matches!(&all[..], [Block::Paragraph(words)] if plain_words(words) == "<script>\nx\n</script>"));
}

#[test]
fn blocks_are_nested_as_they_are_written() {
    let all = blocks(
        "# A *b*\n\n1. x\n   - y\n\n     z\n2. w\n\n> q\n> - r\n\n```rust\nlet a;\n\n  b\n```\n\n---\n\nB\n===",
    );
    let [
        Block::Heading(1, title),
        Block::List(Some(1), items),
        Block::Quote(quote),
        Block::Code(code),
        Block::Rule,
        Block::Heading(1, _),
    ] = &all[..]
    else {
        panic!("{all:?}")
    };
    assert_eq!(plain_words(title), "A b");
    let [first, second] = &items[..] else { panic!("{items:?}") };
    assert!(matches!(&first[..], [Block::Paragraph(_), Block::List(None, inner)] if inner[0].len() == 2));
    assert!(matches!(&second[..], [Block::Paragraph(_)]));
    assert!(matches!(&quote[..], [Block::Paragraph(_), Block::List(None, _)]));
    assert_eq!(code, "let a;\n\n  b");
}

#[test]
fn tables_have_their_columns_and_empty_cells() {
    let all = blocks("| | b | c\\|d |\n|:--|:-:|--:|\n| 1 | **2** |\n|  |  | 3 | 4 |");
    let [Block::Table(table)] = &all[..] else { panic!("{all:?}") };
    let aligns: Vec<Align> = table.columns.iter().map(|(align, _)| *align).collect();
    assert_eq!(aligns, [Align::Left, Align::Center, Align::Right]);
    let heads: Vec<String> = table.columns.iter().map(|(_, words)| plain_words(words)).collect();
    assert_eq!(heads, ["", "b", "c|d"]);
    let cells = |row: usize| table.rows[row].iter().map(|words| plain_words(words)).collect::<Vec<_>>();
    assert_eq!(
        (cells(0), cells(1)),
        (vec!["1".into(), "2".into(), String::new()], vec![String::new(), String::new(), "3".into()])
    );
    assert!(table.rows[0][1][0].bold && table.caption.is_empty());
}

#[test]
fn what_is_nested_too_deep_stands_at_the_deepest_level() {
    fn depth(blocks: &[Block]) -> usize {
        let inside = |block: &Block| match block {
            Block::Quote(inner) => 1 + depth(inner),
            Block::List(_, items) => 1 + items.iter().map(|item| depth(item)).max().unwrap_or(0),
            Block::Heading(..)
            | Block::Paragraph(_)
            | Block::Code(_)
            | Block::Rule
            | Block::Table(_)
            | Block::Figure(_) => 0,
        };
        blocks.iter().map(inside).max().unwrap_or(0)
    }
    for hostile in [
        format!("{}a", ">".repeat(5000)),
        format!("{}a", "- ".repeat(2000)),
        format!("{}a", "> 1. ".repeat(2000)),
    ] {
        let all = blocks(&hostile);
        assert_eq!(depth(&all), 9);
    }
    for hostile in
        ["*".repeat(50_000) + "a", "[".repeat(50_000), "^a".repeat(50_000), "~~a ~b".repeat(20_000)]
    {
        assert!(!blocks(&hostile).is_empty());
    }
}

#[test]
fn a_long_text_is_read_at_once() {
    let text = "Lesion **two** grew by 10^9^ voxels in [a study](https://x.org), as _shown_ before.\n\n"
        .repeat(1700);
    let start = Instant::now();
    assert_eq!(blocks(&text).len(), 1700);
    assert!(start.elapsed() < Duration::from_millis(700), "{:?}", start.elapsed());
}
