// Where words stand on the screen: the middle of their first and of their last sign.
([words, nth]) => {
  const text = document.querySelector(".kit-text");
  const nodes = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const places = [];
  let all = '';
  while (nodes.nextNode()) {
    for (let unit = 0; unit < nodes.currentNode.length; unit += 1) {
      places.push([nodes.currentNode, unit]);
    }
    all += nodes.currentNode.data;
  }
  let at = -1;
  for (let n = 0; n <= nth; n += 1) at = all.indexOf(words, at + 1);
  if (at < 0) throw new Error(`not on the page: ${words}`);
  const middle = ([node, unit]) => {
    node.parentElement.scrollIntoView({block: 'nearest'});
    const range = document.createRange();
    range.setStart(node, unit);
    range.setEnd(node, unit + 1);
    const box = range.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  middle(places[at]);
  return [middle(places[at]), middle(places[at + words.length - 1])];
}
