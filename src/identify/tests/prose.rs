//! Ordinary reports, and patients whose names are words.
//!
//! The number of false alarms of each name is what it was before names were read in all their endings and spellings:
//! a rule that finds more names must not find more words.

use super::patient;
use crate::identify::find;

const ENGLISH: &str = "\
# Intraosseous meningioma of the frontal bone: a case report\n\
\n\
## Abstract\n\
\n\
A young woman in her fifties, 89 years old by her own joke and 54 by the record, presented with a long history of\n\
headache. On examination a hard mass was felt below the brown skin of the forehead. Long axis and short axis of the\n\
lesion were measured on axial CT; the mean density was 38 HU in a region of 92 pixels. The white matter around it was\n\
spared. May the reader forgive a long sentence: the field of view was 230 mm, the matrix 512 x 512, the slices 1.25 mm\n\
thick. Young patients with such lesions are rare. Brown fat was seen on PET, and the price of a second scan was not\n\
paid. The head was turned to the right; the left hand lay on a stone, and the wood of the table was hard.\n\
\n\
## Introduction\n\
\n\
Meningiomas grow slowly. Most of them arise from the dura; a few grow within bone, where they look like fibrous\n\
dysplasia. Long series are few, and young investigators will find that the field is small. Old reports name them\n\
cutaneous, and new ones primary. Grant support was given. Rose Bengal was not used. White et al. found that the cross\n\
section of the vault is wide, and Black et al. that the king of all tests is a good look at the old films. Stone-like\n\
density, ivory and marble are words that come up. In the winter of her life she read a page of a green book each day.\n\
\n\
## Case\n\
\n\
The patient was in good health until the spring. She had felt a painless swelling for 92 weeks. There was no fever, no\n\
night sweat, no loss of weight. Her temperature was 36.8 and her pulse 92 a minute. On T1-weighted images the mass was\n\
isointense to grey matter, on T2-weighted images it was bright; after contrast it took up gadolinium strongly. The ADC\n\
was low. The power of the left arm was full, and the sharp edge of the bone was cut with a fine drill. A fisher of men\n\
could not have had a better catch than the mason who carved the mesh, said the surgeon. The day after, a small bleed was\n\
seen in the bed of the tumour; the drain was removed on day 2. Bishop and knight were on the board when she woke.\n\
\n\
## Discussion\n\
\n\
Hyperostosis, lysis and mixed forms are known. The differential diagnosis is long: metastasis, haemangioma, plasmacytoma,\n\
lymphoma, fibrous dysplasia, Langerhans cell histiocytosis. A walker was not needed. Marked uptake on DOTATATE PET speaks\n\
for a meningioma. The baker's cyst of her knee was unchanged. Cook's distance was below 1 for all points, the Young's\n\
modulus of the mesh is 110 GPa, and Brown-Sequard syndrome was never seen. Hall of fame or not, the head coil had 32\n\
channels; the gray scale was linear; the park around the clinic was full of day patients. Singer's nodes were an\n\
incidental find. The cannula of 22 gauge was placed in the left arm, and 0.1 mmol of contrast per kg was given. A long\n\
follow-up of ten years is planned: years 1, 2, 5 and 10. A score of 90 or older scores were not compared.\n\
";

const GERMAN: &str = "\
# Bericht\n\
\n\
Die junge Frau klagte seit langem \u{fc}ber Kopfschmerzen. Im axialen CT zeigte sich eine kleine, weiche Raumforderung\n\
des linken Stirnbeins; die lange Achse mass 35 mm, die kurze Achse 16 mm. Klein war auch der Rand, gross die\n\
Kontrastmittelaufnahme. Der Befund ist lang, aber klar: Der Sch\u{e4}del ist im Bereich der linken Stirn verdickt, das\n\
Hirn weiss und grau normal. Im Winter und im Sommer blieb der Berg an Arbeit gleich. Der Koch brachte Suppe, der\n\
M\u{fc}ller Mehl, der Schneider einen Mantel, der Richter sprach Recht, der Bauer kam vom Feld, der Weber vom Stuhl. Die\n\
Dichte betrug 38 HE in einer Region von 92 Bildpunkten. Das Fett war braun, die Haut schwarz verf\u{e4}rbt, der Verlauf\n\
kurz. Neu war ein Herd am Stein des Felsenbeins. Nach 14 Tagen wurde der Faden gezogen; nach 92 Tagen war die Narbe blass.\n\
";

/// A patient, and how often the name is found in each of the texts, where nobody is meant.
const NAMES: [(&str, usize, usize); 50] = [
    ("Young^Mary", 1, 0),
    ("Long^Ann", 1, 0),
    ("Brown^Peter", 1, 0),
    ("White^Rose", 1, 0),
    ("Black^May", 1, 0),
    ("Stone^Will", 1, 0),
    ("Head^Grant", 0, 0),
    ("Field^Frank", 0, 0),
    ("Price^Mark", 0, 0),
    ("Wood^Hope", 0, 0),
    ("Gray^Dawn", 0, 0),
    ("King^Art", 0, 0),
    ("Cross^Penny", 0, 0),
    ("Green^Page", 0, 0),
    ("Hand^Bill", 0, 0),
    ("Winter^April", 0, 1),
    ("Hall^Eve", 0, 0),
    ("Day^Joy", 0, 0),
    ("Small^Guy", 0, 0),
    ("Sharp^Rob", 0, 0),
    ("Power^Max", 0, 0),
    ("Good^Sue", 0, 0),
    ("Fisher^Tim", 1, 0),
    ("Mason^Ray", 1, 0),
    ("Bishop^Gene", 1, 0),
    ("Walker^Don", 1, 0),
    ("Baker^Sandy", 1, 0),
    ("Cook^Pat", 1, 0),
    ("Park^Lee", 0, 0),
    ("Singer^Rose", 2, 0),
    ("Klein^Eva", 0, 0),
    ("Lang^Otto", 0, 0),
    ("Kurz^Ida", 0, 0),
    ("Gross^Jan", 0, 0),
    ("Weiss^Ute", 0, 0),
    ("Berg^Kai", 0, 1),
    ("Stein^Max", 0, 1),
    ("Koch^Ulf", 0, 1),
    ("M\u{fc}ller^Hans", 0, 1),
    ("Bauer^Tom", 0, 1),
    ("Weber^Jo", 0, 1),
    ("Sommer^Lea", 0, 1),
    ("Schwarz^Pia", 0, 0),
    ("Neumann^Axel", 0, 0),
    ("Doe^Jane", 0, 0),
    ("Quixote^Zebulon", 0, 0),
    ("Li^Wei", 0, 0),
    ("Kim^Min", 0, 0),
    ("Singh^Raj", 0, 0),
    ("Nowak^Anna", 0, 0),
];

#[test]
fn words_of_reports_are_no_more_names_than_before() {
    for (name, english, german) in NAMES {
        let known = patient(name);
        for (text, most) in [(ENGLISH, english), (GERMAN, german)] {
            let found: Vec<&str> = find(text, &known).into_iter().map(|found| &text[found.range]).collect();
            assert!(found.len() <= most, "{name}: {found:?}");
        }
    }
}
