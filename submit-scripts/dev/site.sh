#!/usr/bin/env bash
# site.sh; see --help.
# shellcheck source=../common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

site=$root/target/site

usage() {
    cat <<END
usage: site.sh [--pages]

Writes the pages and the Javadoc of all modules as a site, target/site/index.html, and checks the links between its pages.

  --pages  without the Javadoc, for which everything is compiled

Ends with 1 where a page or a place in it that a link names is not there. MAVEN_ARGS has options for Maven.
END
}

pages=''
for argument in "$@"; do
    case $argument in
        -h | --help) usage && exit ;;
        --pages) pages=1 ;;
        *) refuse "site.sh: got $argument, expected --pages: --help says what that is" ;;
    esac
done

# Maven names the places of a page in its own way: Real_tables, network.layers.5b.5d. Links have those of the repository's pages: real-tables.
name_places() {
    sed -E -i ':hex; s/(<a id="[^"]*)\.[2-7][0-9A-Fa-f]/\1/; thex
        :dot; s/(<a id="[^"]*)\./\1/; tdot
        :word; s/(<a id="[^"_]*)_/\1-/; tword
        s/(<a id=")([^"]*)"/\1\L\2"/' "$@"
}

# links PAGE: what the page's links name, of this site.
links() {
    grep -oE '(href|src)="[^"]+"' "$1" | cut -d '"' -f 2 | grep -vE '^([a-z]+:|//)' | sort -u || true
}

check() {
    local page link file place target missing=0
    for page in "$@"; do
        while read -r link; do
            file=${link%%#*} place=''
            [[ $link != *'#'* ]] || place=${link#*#}
            [[ $file != *apidocs/* || -z $pages ]] || continue
            target=$page
            [[ -z $file ]] || target=$(dirname "$page")/$file
            if [[ ! -e $target ]] || { [[ $place && $target != */apidocs/* ]] && ! grep -qF "id=\"$place\"" "$target"; }; then
                echo "site.sh: ${page#"$site"/} has a link to $link, which is not there" >&2
                missing=1
            fi
        done < <(links "$page")
    done
    return "$missing"
}

rm -rf "$site" "$root/target/generated-site"
maven -N site
mapfile -t all < <(find "$site" -name '*.html')
name_places "${all[@]}"
if [[ ! $pages ]]; then
    maven javadoc:aggregate
    mkdir -p "$site/apidocs"
    cp -r "$root/target/reports/apidocs/." "$site/apidocs"
fi
check "${all[@]}"
echo "$site/index.html: ${#all[@]} pages${pages:+, without Javadoc}"
