//! Words that decide what a word is. All are written as they are compared: small, without accents.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Announces a number of a record.
pub(super) const NUMBER_WORDS: [&str; 2] = ["id", "mrn"];

static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| COMMON_WORDS.split_whitespace().collect());
static GENERIC: LazyLock<HashSet<&str>> = LazyLock::new(|| GENERIC_WORDS.split_whitespace().collect());

/// Whether a word is one of reports and figures, so that alone it need not be a name.
pub(super) fn is_common(word: &str) -> bool {
    COMMON.contains(word) || is_title(word) || is_particle(word) || is_abbreviation(word)
}

/// Whether a word stands in the names of many institutions and addresses.
pub(super) fn is_generic(word: &str) -> bool {
    GENERIC.contains(word)
}

/// A phrase of a script without words, without what is generic in it.
pub(super) fn without_generic(run: &str) -> String {
    GENERIC_PARTS.iter().fold(run.to_owned(), |run, part| run.replace(part, ""))
}

/// Whether a word is a title before or after a name.
pub(super) fn is_title(word: &str) -> bool {
    TITLES.contains(&word)
}

/// Whether a word only joins the parts of a name.
pub(super) fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word)
}

/// Whether a word is an abbreviation of imaging where it is in capitals.
pub(super) fn is_abbreviation(word: &str) -> bool {
    ABBREVIATIONS.contains(&word)
}

const TITLES: [&str; 30] = [
    "dr",
    "mr",
    "mrs",
    "ms",
    "miss",
    "prof",
    "professor",
    "doctor",
    "sir",
    "herr",
    "frau",
    "hr",
    "fr",
    "mme",
    "mlle",
    "monsieur",
    "madame",
    "sr",
    "sra",
    "senor",
    "senora",
    "dott",
    "md",
    "phd",
    "jr",
    "med",
    "ing",
    "doc",
    "dra",
    "pd",
];

const PARTICLES: [&str; 34] = [
    "von", "vom", "van", "der", "den", "dem", "des", "zu", "zum", "zur", "ter", "ten", "de", "di", "da",
    "do", "dos", "das", "du", "del", "della", "la", "le", "les", "lo", "los", "las", "el", "al", "bin",
    "ibn", "ben", "und", "st",
];

const ABBREVIATIONS: [&str; 30] = [
    "hu", "ct", "mr", "pet", "ma", "kv", "mm", "cm", "ml", "ap", "pa", "lr", "rl", "si", "te", "tr", "ti",
    "fa", "su", "pd", "sd", "pr", "cr", "ne", "roi", "voi", "dwi", "adc", "mip", "max",
];

const COMMON_WORDS: &str = "\
a about above across act add after again age ago air all along also am amen among an and angle anonymous \
anonymised anonymized any are area arm art as ask at away axial axis back bad ball band bank bar bare bark \
base bay be bean bear beat bed been before bell below best better big bill bird bit black blade blank \
blood blue boat body bold bolt bond bone book both bow bowl box brain branch bread break breast bright \
broad broken bronze brook brown brush bud build bull burn bush but by cage calm came can cancer cane cape \
card care carry case cash cast cause cell center central centre chain chamber chance change check chest \
child choice church circle city claim clay clean clear close cloud coal coast coat cold color colour come \
common cook cool cord core corner coronal cost count course cover crane cross crown cut dark data date \
dates day dead deal dear december deep dense density did does done dose down drain draw drop dry duct due \
early east easy edge eight else end english even ever every eye face fair fall far farm fast february feet \
field fig figure fill film find fine finger fire firm first fish five flat flow follow food foot for form \
forward four fox free french friday from frost full gall game garden gate general get give glass go god \
gold gone good grand grant grass grave gray great green grey ground group grove grow had hair half hall \
hand hard has have head heart heavy held help hen here high hill him his ho hold hole holiday home honey \
hood hope house how huge hundred hunt i ice if ill image in inner into iron is it its january job joint \
joy judge july june just keen key kidney kind king knee knife knight know known la lab lake lamb land lane \
large last late later law lay lead leaf lean left leg lens less lesion level life light like limb line lip \
list little live liver local lock long look lord loss lot love low lower lung made main major make male \
man manual many map march mark mark1 mask mass master match may me mean measure medial median metal mid \
middle mild mile milk mill mind mine minor miss model monday month moon more most mouth move much muscle \
must my name narrow near neck need never new next night nine no nodal node noon none normal north nose not \
note november now nurse oak of off old on once one only open or orange other our out outer over own page \
pain pair pale park part past pat patient peak pelvis phantom pine pink place plane plate play plum point \
pool poor pope port post power present price pride prince print prior pure rain range rare rate ray read \
reader real rear red reed rest result rib rice rich right ring rise rising river road rock roman rose \
rough round row run rush safe sage sagittal said same sample sand save saw say scale scan scar sea seal \
season second section see seed seems seen self series set seven shade shadow shape sharp she short should \
show side sign silver simple since single site six size skin skull slice small smart smooth snow so soft \
solid some son south space spear spine spring stable staff stage star start steel stem step still stone \
stop storm street strong study such suit sum summer sunday surface sweet swift table take tall target \
teach tell temple ten test than that the their them then there these they thick thin thing this three \
through thursday time to today top total tower town track trace tree true tube tumor tumour turn two type \
under unit unknown up upper us use vein very view vessel volume wall want ward was water wave way we week \
weight well west wet what when where white who whole wide will win wind window wing winter wise with \
without wolf wood word work worth would year years yellow yes yet you young your april august september \
october christmas easter grace faith daisy iris lily violet ruby pearl dawn eve hazel heather ivy olive \
poppy robin sky sunny chase drew earl gene guy jack jade jan mai mars mar jun jul sep sept oct nov dec dez \
feb aug skip ganz klein gross lang kurz weiss schwarz roth stark fein rechts links oben unten kopf hals \
leber niere herz bein fuss berg stein gut neu alt ernst haut bauch rand petit blanc noir rouge leger droit \
gauche tete coeur foie rein bras jambe grande largo corto blanco negro rojo leon cabeza higado rinon mano \
delgado bueno ha he hi pm per pro via non sub ex ad id et est un une und ist im um ob wo da zu en es su se \
mi tu te si";

const GENERIC_WORDS: &str = "\
academic academy acute administration ambulatory american associates association building campus cancer \
care center central centre charity children childrens city clinic clinical clinics college community \
county department dept diagnostic diagnostics district division east eastern emergency european faculty \
federal foundation general group health healthcare heart holy hospital hospitals house image imaging \
infirmary institute institution intensive international laboratory lady lane mail main medical medicine \
memorial mercy mri municipal national neurology neuroradiology north northern nuclear office oncology \
orthopaedic orthopedic outpatient pediatric paediatric practice private public radiologic radiological \
radiologist radiologists radiology regional research royal saint school science sciences scan scanner \
service services sisters south southern specialist state street suite surgery surgical system systems \
teaching therapy trust unit united university veterans ward west western women womens road avenue drive \
court square place floor room apartment states kingdom germany deutschland france spain espana austria \
osterreich oesterreich schweiz switzerland abteilung allgemeine allgemeines ambulanz arzt arzte arztin \
diagnostik diagnostische evangelisches facharzt fakultat fakultaet gemeinschaftspraxis gesundheit \
gesundheitszentrum gmbh haus institut interventionelle katholisches klinik kliniken klinikum klinische \
krankenhaus kreiskrankenhaus landes landeskrankenhaus medizin medizinische medizinischer medizinisches \
neurologie neuroradiologie nuklearmedizin onkologie poliklinik praxis radiologie radiologische \
radiologisches rontgen roentgen sankt sanitatshaus spital staatliche stadt stadtische stadtisches \
staedtische staedtisches strahlentherapie strasse strahlenklinik uniklinik uniklinikum universitat \
universitaet universitare universitaere universitats universitaets universitatsklinik universitaetsklinik \
universitatsklinikum universitaetsklinikum universitatsspital universitaetsspital zentral zentrale zentrum \
platz allee weg gasse assistance cabinet cancerologie centrale centres clinique cliniques departement \
ecole faculte fondation generale generaux groupe hopital hopitaux hospices hospitalier hospitaliere \
hospitaliers imagerie instituts laboratoire medecine medicale medicaux nationale nucleaire oncologie \
polyclinique privee prive radiologique recherche regionale sainte sante scanographie universitaire \
universite ville boulevard centro ciudad clinica clinico complejo departamento diagnostico escuela \
facultad fundacion hospitalario hospitalaria imagen imagenes instituto investigacion laboratorio medica \
medicas medico medicos medicina nacional nuestra senora oncologia policlinica policlinico provincial \
publico radiodiagnostico radiologia radiologico salud santa santo servicio unidad universidad \
universitario universitaria calle avenida plaza";

const GENERIC_PARTS: [&str; 22] = [
    "附属",
    "附屬",
    "大学",
    "大學",
    "医科",
    "病院",
    "医院",
    "醫院",
    "人民",
    "中心",
    "中央",
    "総合",
    "放射線科",
    "放射科",
    "第一",
    "第二",
    "センター",
    "대학교",
    "대학",
    "병원",
    "의료원",
    "센터",
];
