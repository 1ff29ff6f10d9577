//! The page for those who come from another product: its expressions are true, and no function of those products is missing.

use super::expression::answer_to;
use super::expression::shown;
use serde_json::json;

const PAGE: &str = include_str!("../../docs/migration.md");

/// The functions of FIM and MIM, MIMWAL, Entra and Okta, product by product, as their manuals list them.
const NAMES: &str = "
    BitAnd BitOr Concatenate ConvertSidToString ConvertStringToGuid CRLF DateTimeFormat EscapeDNComponent IIF Left LeftPad
    LowerCase LTrim Mid Null ProperCase RandomNum ReplaceString Right RightPad RTrim Trim UpperCase Word

    ADD AFTER AND BEFORE CONCATENATEMULTIVALUEDSTRING CONTAINS CONVERTTOBASE64 CONVERTTOBOOLEAN CONVERTTOGUID CONVERTTONUMBER
    CONVERTTOSTRING CONVERTTOUNIQUEIDENTIFIER COUNT DATETIMEADD DATETIMEFROMFILETIMEUTC DATETIMEFROMSTRING DATETIMENOW
    DATETIMESUBTRACT DATETIMETOFILETIMEUTC DATETIMEUTCTOLOCALTIME DIVIDE EQ EXECUTESQLNONQUERY EXECUTESQLSCALAR FIRST
    FORMATMULTIVALUEDLIST GENERATERANDOMPASSWORD GREATERTHAN INDEXBYVALUE INSERTVALUES ISBITSET ISPRESENT LAST LENGTH LESSTHAN MOD
    MULTIPLY NORMALIZESTRING NOT OR PARAMETER REGEXMATCH REGEXREPLACE REMOVEDUPLICATES REMOVEVALUES SORTLIST SPLITSTRING SUBTRACT
    TITLECASE VALUEBYINDEX VALUEBYKEY WRAPXPATHFILTER GenerateUniqueValue

    AuthoritativeNull CBool CDate CGuid CNum Contains ConvertFromBase64 ConvertFromUTF8Hex ConvertToBase64 ConvertToUTF8Hex Count
    CRef CStr DateAdd DateFromNum DNComponent DNComponentRev Error FormatDateTime GUID IgnoreThisFlow ImportedValue InStr InStrRev
    IsBitSet IsCert IsDate IsEmpty IsGuid IsNull IsNullOrEmpty IsNumeric IsPresent IsString Item ItemOrNull Join LCase Len NULL Now
    NumFromDate PadLeft PadRight PCase RemoveDuplicates Replace ReplaceChars Select Split StringFromGuid StringFromSid Switch UCase
    Where With Update Merge MergeCaseInsensitive CertExtensionOids CertFormat CertFriendlyName CertHashString CertIssuer
    CertIssuerDN CertIssuerOid CertKeyAlgorithm CertKeyAlgorithmParams CertNameInfo CertNotAfter CertNotBefore CertPublicKeyOid
    CertPublicKeyParametersOid CertSerialNumber CertSignatureAlgorithmOid CertSubject CertSubjectNameDN CertSubjectNameOid
    CertThumbprint CertVersion

    Append AppRoleAssignmentsComplex Coalesce DateDiff Guid IgnoreFlowIfNullOrEmpty NormalizeDiacritics Not RandomString Redact
    SelectUniqueValue SingleAppRoleAssignment StripSpaces ToLower ToUpper

    EQUAL NOTEQUAL LESSTHAN_OR_EQUAL GREATERTHAN_OR_EQUAL STARTSWITH ENDSWITH NOTCONTAINS NOTSTARTSWITH NOTENDSWITH ISIN ISNOTIN
    ISNULL ISNOTNULL ISNOTBITSET ISMEMBEROF ISNOTMEMBEROF memberOf -eq -ne -le -ge -lt -gt -contains -notContains -startsWith
    -notStartsWith -endsWith -notEndsWith -in -notIn -match -notMatch -any -all -and -or -not

    String.append String.join String.len String.removeSpaces String.replace String.replaceFirst String.startsWith
    String.stringContains String.stringSwitch String.substring String.substringAfter String.substringBefore String.toLowerCase
    String.toUpperCase Arrays.add Arrays.remove Arrays.clear Arrays.get Arrays.flatten Arrays.contains Arrays.size Arrays.isEmpty
    Arrays.toCsvString Convert.toInt Convert.toNum Time.now Time.fromWindowsToIso8601 Time.fromUnixToIso8601
    Time.fromStringToIso8601 Time.fromIso8601ToWindows Time.fromIso8601ToUnix Time.fromIso8601ToString Iso3166Convert.toAlpha2
    Iso3166Convert.toAlpha3 Iso3166Convert.toNumeric Iso3166Convert.toName isMemberOfGroup isMemberOfGroupName isMemberOfAnyGroup
    getManagerUser getManagerAppUser getAssistantUser hasDirectoryUser hasWorkdayUser findDirectoryUser findWorkdayUser
";

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
fn every_function_of_those_products_has_a_row() {
    let named: String = rows(PAGE).iter().map(|row| row[0].clone() + " ").collect();
    let words: Vec<&str> = named
        .split(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '.' | '-' | '_'))
        .collect();
    let missing: Vec<&str> = NAMES
        .split_whitespace()
        .filter(|name| !words.contains(name))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(NAMES.split_whitespace().count() > 250);
}
