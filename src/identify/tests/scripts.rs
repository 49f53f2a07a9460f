//! Names in other scripts, with the groups of a PN value.

use super::{each_has_name, none_has, patient};

#[test]
fn greek_names_are_found_in_their_cases() {
    let cases = [
        ("ΠΑΠΑΔΟΠΟΥΛΟΣ", "ΠΑΠΑΔΟΠΟΥΛΟΣ"),
        ("Παπαδοπουλος", "Παπαδοπουλος"),
        ("του Παπαδόπουλου", "Παπαδόπουλου"),
        ("Γιώργος Παπαδόπουλος", "Γιώργος Παπαδόπουλος"),
        ("Γ. Παπαδόπουλος", "Γ. Παπαδόπουλος"),
    ];
    each_has_name("Παπαδόπουλος^Γιώργος", &cases);
    none_has(&patient("Παπαδόπουλος^Γιώργος"), &["Παπα", "ήπαρ", "Papadopoulos"]);
    each_has_name("Papadopoulos^Giorgos=Παπαδόπουλος^Γιώργος", &[("Papadopoulos", "Papadopoulos")]);
}

#[test]
fn russian_names_are_found_in_their_cases() {
    let cases = [
        ("ИВАНОВ", "ИВАНОВ"),
        ("у Иванова", "Иванова"),
        ("с Ивановым", "Ивановым"),
        ("Иванов А.", "Иванов А."),
        ("Алексеи Иванов", "Алексеи Иванов"),
        ("иванов_алексей", "иванов_алексей"),
    ];
    each_has_name("Иванов^Алексей^Фёдорович", &cases);
    each_has_name("Иванов^Алексей^Фёдорович", &[("Федорович", "Федорович")]);
    each_has_name("Иванова^Анна", &[("Ивановой", "Ивановой"), ("Анна", "Анна")]);
    none_has(&patient("Иванов^Алексей"), &["Иван", "ива"]);
}

#[test]
fn chinese_names_are_found_without_spaces() {
    let cases = [
        ("患者王小明的肝脏", "王小明"),
        ("王 小明", "王 小明"),
        ("小明的CT", "小明"),
        ("王先生", "王先生"),
        ("WangXiaoming.png", "WangXiaoming"),
        ("Xiaoming Wang", "Xiaoming Wang"),
    ];
    each_has_name("Wang^XiaoMing=王^小明", &cases);
    none_has(&patient("Wang^XiaoMing=王^小明"), &["国王", "小", "明日", "肝脏病变"]);
    each_has_name("王^伟", &[("王伟", "王伟"), ("为王伟检查", "王伟"), ("王女士", "王女士")]);
    none_has(&patient("王^伟"), &["伟大", "王", "伟王"]);
    each_has_name("王小明", &[("见王小明", "王小明")]);
    each_has_name("欧阳^娜", &[("欧阳", "欧阳"), ("欧阳娜", "欧阳娜")]);
}

#[test]
fn japanese_names_are_found_in_all_groups() {
    let name = "Yamada^Tarou=山田^太郎=やまだ^たろう";
    let cases = [
        ("山田太郎", "山田太郎"),
        ("山田さん", "山田さん"),
        ("太郎 山田", "太郎 山田"),
        ("やまだたろうの肝臓", "やまだたろう"),
        ("ヤマダ タロウ", "ヤマダ タロウ"),
        ("\u{ff94}\u{ff8f}\u{ff80}\u{ff9e}", "\u{ff94}\u{ff8f}\u{ff80}\u{ff9e}"),
        ("yamada_tarou", "yamada_tarou"),
        ("Tarou Yamada", "Tarou Yamada"),
    ];
    each_has_name(name, &cases);
    none_has(&patient(name), &["山の田", "肝臓の病変", "やま"]);
    // A name of two kana is a word of grammar inside other kana.
    none_has(&patient("もり^かな"), &["大きいかなと思う"]);
    each_has_name("もり^かな", &[("もりかな", "もりかな"), ("患者かな", "かな")]);
}

#[test]
fn korean_names_are_found_in_both_forms_of_unicode() {
    let name = "Hong^Gildong=洪^吉洞=홍^길동";
    let cases = [
        ("홍길동", "홍길동"),
        ("홍길동의 간", "홍길동"),
        ("환자홍길동", "홍길동"),
        ("홍 길동", "홍 길동"),
        ("길동은", "길동"),
        ("홍씨", "홍씨"),
        ("洪吉洞", "洪吉洞"),
        ("Gildong Hong", "Gildong Hong"),
        (
            "\u{1112}\u{1169}\u{11bc}\u{1100}\u{1175}\u{11af}\u{1103}\u{1169}\u{11bc}.png",
            "\u{1112}\u{1169}\u{11bc}\u{1100}\u{1175}\u{11af}\u{1103}\u{1169}\u{11bc}",
        ),
    ];
    each_has_name(name, &cases);
    none_has(&patient(name), &["홍", "홍수", "간의 병변", "신길동네"]);
}

#[test]
fn names_in_arabic_hebrew_thai_and_hindi_are_found() {
    each_has_name("أحمد^محمد", &[("محمد أحمد", "محمد أحمد"), ("احمد", "احمد"), ("مُحَمَّد", "مُحَمَّد")]);
    each_has_name("כהן^דוד", &[("דוד כהן", "דוד כהן"), ("כהן", "כהן")]);
    each_has_name("ใจดี^สมชาย", &[("คุณสมชาย ใจดี", "สมชาย ใจดี")]);
    each_has_name("शर्मा^राहुल", &[("राहुल शर्मा", "राहुल शर्मा"), ("शर्मा", "शर्मा")]);
}
