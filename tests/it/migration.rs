//! The page for those who come from another product: its expressions are true, and no function of those products is missing.

use std::collections::BTreeSet;

use super::expression::answer_to;
use super::expression::shown;
use serde_json::json;

const PAGE: &str = include_str!("../../docs/migration.md");

/// The functions of each product by its letter, as its manual or its source lists them: FIM and MIM, MIMWAL
/// (`ExpressionFunction.cs`), Entra Connect Sync, Entra provisioning, Okta; and without a letter the words of scope filters and dynamic
/// groups.
const PRODUCTS: [(&str, &str); 6] = [
    (
        "F",
        "BitAnd BitOr Concatenate ConvertSidToString ConvertStringToGuid CRLF DateTimeFormat EscapeDNComponent IIF Left LeftPad
        LowerCase LTrim Mid Null ProperCase RandomNum ReplaceString Right RightPad RTrim Trim UpperCase Word",
    ),
    (
        "W",
        "ADD AFTER AND BEFORE BITAND BITNOT BITOR CONCATENATE CONCATENATEMULTIVALUEDSTRING CONCATINATEMULTIVALUEDSTRING CONTAINS
        CONVERTFROMBASE64 CONVERTSIDTOSTRING CONVERTSTRINGTOGUID CONVERTTOBASE64 CONVERTTOBOOLEAN CONVERTTOGUID CONVERTTONUMBER
        CONVERTTOSTRING CONVERTTOUNIQUEIDENTIFIER COUNT CREATESQLPARAMETER CREATESQLPARAMETER2 CRLF DATETIMEADD DATETIMEFORMAT
        DATETIMEFROMFILETIMEUTC DATETIMEFROMSTRING DATETIMENOW DATETIMESUBTRACT DATETIMETOFILETIMEUTC DATETIMEUTCTOLOCALTIME DIVIDE
        EQ ESCAPEDNCOMPONENT EXECUTESQLNONQUERY EXECUTESQLSCALAR FIRST FORMATMULTIVALUEDLIST GENERATERANDOMPASSWORD GREATERTHAN IIF
        INDEXBYVALUE INSERTVALUES ISPRESENT LAST LEFT LEFTPAD LENGTH LESSTHAN LOWERCASE LTRIM MID MOD MULTIPLY NORMALIZESTRING NOT
        NULL OR PARAMETERSCONTAIN PARAMETERSLIST PARAMETERSTABLE PARAMETERVALUE PARAMETERVALUEADDED PARAMETERVALUEREMOVED PROPERCASE
        RANDOMNUM REGEXMATCH REGEXREPLACE REMOVEDUPLICATES REMOVEVALUES REPLACESTRING RIGHT RIGHTPAD RTRIM SORTLIST SPLITSTRING
        SUBTRACT TITLECASE TRIM UPPERCASE VALUEBYINDEX VALUEBYKEY VALUETYPE WORD WRAPXPATHFILTER GenerateUniqueValue",
    ),
    (
        "C",
        "AuthoritativeNull BitAnd BitOr CBool CDate CGuid CNum Contains ConvertFromBase64 ConvertFromUTF8Hex ConvertToBase64
        ConvertToUTF8Hex Count CRef CStr DateAdd DateFromNum DNComponent DNComponentRev Error EscapeDNComponent FormatDateTime GUID
        IgnoreThisFlow IIF ImportedValue InStr InStrRev IsBitSet IsCert IsDate IsEmpty IsGuid IsNull IsNullOrEmpty IsNumeric
        IsPresent IsString Item ItemOrNull Join LCase Left Len LTrim Mid NULL Now NumFromDate PadLeft PadRight PCase RandomNum
        RemoveDuplicates Replace ReplaceChars Right RTrim Select Split StringFromGuid StringFromSid Switch Trim UCase Where With
        Word Update Merge MergeCaseInsensitive CertExtensionOids CertFormat CertFriendlyName CertHashString CertIssuer CertIssuerDN
        CertIssuerOid CertKeyAlgorithm CertKeyAlgorithmParams CertNameInfo CertNotAfter CertNotBefore CertPublicKeyOid
        CertPublicKeyParametersOid CertSerialNumber CertSignatureAlgorithmOid CertSubject CertSubjectNameDN CertSubjectNameOid
        CertThumbprint CertVersion",
    ),
    (
        "P",
        "Append AppRoleAssignmentsComplex BitAnd CBool CDate Coalesce ConvertToBase64 ConvertToUTF8Hex Count CStr DateAdd DateDiff
        DateFromNum FormatDateTime Guid IgnoreFlowIfNullOrEmpty IIF InStr IsNull IsNullOrEmpty IsPresent IsString Item Join Left Mid
        NormalizeDiacritics Not Now NumFromDate PCase RandomString Redact RemoveDuplicates Replace SelectUniqueValue
        SingleAppRoleAssignment Split StripSpaces Switch ToLower ToUpper Word",
    ),
    (
        "O",
        "String.append String.join String.len String.removeSpaces String.replace String.replaceFirst String.startsWith
        String.stringContains String.stringSwitch String.substring String.substringAfter String.substringBefore String.toLowerCase
        String.toUpperCase Arrays.add Arrays.remove Arrays.clear Arrays.get Arrays.flatten Arrays.contains Arrays.size Arrays.isEmpty
        Arrays.toCsvString Convert.toInt Convert.toNum Time.now Time.fromWindowsToIso8601 Time.fromUnixToIso8601
        Time.fromStringToIso8601 Time.fromIso8601ToWindows Time.fromIso8601ToUnix Time.fromIso8601ToString Iso3166Convert.toAlpha2
        Iso3166Convert.toAlpha3 Iso3166Convert.toNumeric Iso3166Convert.toName isMemberOfGroup isMemberOfGroupName
        isMemberOfGroupNameStartsWith isMemberOfGroupNameContains isMemberOfGroupNameRegex isMemberOfAnyGroup getFilteredGroups
        Groups.startsWith Groups.endsWith Groups.contains user.isMemberOf user.getGroups getManagerUser getManagerAppUser
        getAssistantUser getAssistantAppUser hasDirectoryUser hasWorkdayUser findDirectoryUser findWorkdayUser",
    ),
    (
        "",
        "EQUAL NOTEQUAL LESSTHAN_OR_EQUAL GREATERTHAN_OR_EQUAL CONTAINS STARTSWITH ENDSWITH NOTCONTAINS NOTSTARTSWITH NOTENDSWITH
        ISIN ISNOTIN ISNULL ISNOTNULL ISBITSET ISNOTBITSET ISMEMBEROF ISNOTMEMBEROF memberOf -eq -ne -le -ge -lt -gt -contains
        -notContains -startsWith -notStartsWith -endsWith -notEndsWith -in -notIn -match -notMatch -any -all -and -or -not",
    ),
];

/// The names that the first cells of the rows give for a product, in small letters: `Left, Right (F, C; Left P)` gives both for F and
/// C, and the first for P.
fn named(page: &str, product: &str) -> BTreeSet<String> {
    let words = |text: &str| -> Vec<String> {
        text.split(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '.' | '-' | '_'))
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    let mut found = BTreeSet::new();
    for row in rows(page) {
        for piece in row[0].split(" · ") {
            let (names, letters) = match piece.strip_suffix(')').and_then(|it| it.rsplit_once(" ("))
            {
                Some((names, letters)) => (names, letters),
                None => (piece, ""),
            };
            if letters.is_empty() && product.is_empty() {
                found.extend(words(names));
            }
            for part in letters.split(';') {
                let is_letter = |word: &&str| word.len() == 1;
                let parts: Vec<&str> = part
                    .split([',', ' '])
                    .filter(|word| !word.is_empty())
                    .collect();
                if !parts
                    .iter()
                    .filter(|word| is_letter(word))
                    .any(|word| *word == product)
                {
                    continue;
                }
                let own: Vec<&&str> = parts.iter().filter(|word| !is_letter(word)).collect();
                if own.is_empty() {
                    found.extend(words(names));
                } else {
                    found.extend(own.into_iter().map(|word| word.to_lowercase()));
                }
            }
        }
    }
    found
}

/// The cells of every row; a bar after a backslash is part of its cell.
fn rows(page: &str) -> Vec<Vec<String>> {
    page.lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| there"))
        .map(|line| {
            line.replace("\\|", "\u{0}")
                .split('|')
                .map(|cell| cell.trim().replace('\u{0}', "|"))
                .filter(|cell| !cell.is_empty())
                .collect()
        })
        .collect()
}

/// What is wrong with a page: rows that are no rows, and expressions that are not true.
fn faults(page: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for row in rows(page) {
        let [_, _, truth] = row.as_slice() else {
            faults.push(format!("a row has three cells: {row:?}"));
            continue;
        };
        let Some(text) = truth
            .strip_prefix('`')
            .and_then(|text| text.strip_suffix('`'))
        else {
            if truth != "—" {
                faults.push(format!("neither an expression nor a dash: {truth}"));
            }
            continue;
        };
        let found = shown(
            text,
            &answer_to(&json!({"expr": text, "as_of": "2026-11-27"})),
        );
        if found != "true" {
            faults.push(format!("{text}\n{found}"));
        }
    }
    faults
}

#[test]
fn every_expression_of_the_page_is_true() {
    assert_eq!(faults(PAGE), Vec::<String>::new());
    assert!(rows(PAGE).len() > 70);
    let planted = "| a | b | `1 == 2` |\n| a | b | `x` |\n| a | b | c |\n| a | b |";
    assert_eq!(faults(planted).len(), 4);
}

#[test]
fn every_function_of_each_product_has_a_row_of_its_own() {
    for (product, functions) in PRODUCTS {
        let found = named(PAGE, product);
        let known: BTreeSet<String> = functions
            .split_whitespace()
            .map(str::to_lowercase)
            .collect();
        let missing: Vec<&String> = known.difference(&found).collect();
        assert!(missing.is_empty(), "{product}: {missing:?} have no row");
        // what stands beside the names, as in `ADD on text`, is in small letters
        let unknown: Vec<&String> = found.difference(&known).collect();
        let beside = [
            "on",
            "text",
            "groups",
            "of",
            "clauses",
            "results",
            "0",
            "-1",
            "employments",
            "system.now",
            "-plus",
            "p1d",
        ];
        let unknown: Vec<&&String> = unknown
            .iter()
            .filter(|name| !beside.contains(&name.as_str()))
            .collect();
        assert!(
            unknown.is_empty(),
            "{product}: {unknown:?} are no functions of it"
        );
    }
    let count = |(_, names): &(&str, &str)| names.split_whitespace().count();
    assert!(PRODUCTS.iter().map(count).sum::<usize>() > 330);
}

#[test]
fn letters_behind_names_say_whose_they_are() {
    let page = "| Left, Right (F, C; Left P) · LEN (W) · `-in` | a | — |\n";
    let all = |product: &str| -> Vec<String> { named(page, product).into_iter().collect() };
    assert_eq!(all("F"), ["left", "right"]);
    assert_eq!(all("P"), ["left"]);
    assert_eq!(all("W"), ["len"]);
    assert_eq!(all("O"), [""; 0]);
    assert_eq!(all(""), ["-in"]);
}
