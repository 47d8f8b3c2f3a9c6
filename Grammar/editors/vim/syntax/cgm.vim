" Vim syntax file
" Language: cgad models (.cgm)
"
" Keywords are so only where the grammar asks for them: after a point, or before the sign of an assignment, they are names.

if exists('b:current_syntax')
  finish
endif

syntax case match

" ---- Names and words ----
syntax match cgmCall '\%(\.\)\@1<!\<\h\w*\>\ze\s*('
syntax match cgmBuiltin '\%(\.\)\@1<!\<\%(exp\|log\|sqrt\|rsqrt\|abs\|neg\|square\|pow\|tanh\|sigmoid\)\>\ze\s*('
syntax match cgmBuiltin '\%(\.\)\@1<!\<\%(relu\|leaky_relu\|gelu\|silu\|softplus\|sin\|cos\|maximum\|minimum\)\>\ze\s*('
syntax match cgmBuiltin '\%(\.\)\@1<!\<\%(where\|clamp\|sum\|mean\|max\|min\|argmax\|moments\|logsumexp\)\>\ze\s*('
syntax match cgmBuiltin '\%(\.\)\@1<!\<\%(reshape\|transpose\|rearrange\|split\|concat\|slice\|pad\|broadcast\)\>\ze\s*('
syntax match cgmBuiltin '\%(\.\)\@1<!\<\%(squeeze\|stack\|embedding\|gather\|one_hot\|softmax\|log_softmax\)\>\ze\s*('
syntax match cgmBuiltin '\%(\.\)\@1<!\<\%(causal\|attention\|layer_norm\|rms_norm\|batch_norm\|group_norm\)\>\ze\s*('
syntax match cgmBuiltin '\%(\.\)\@1<!\<\%(conv2d\|max_pool\|avg_pool\|upsample\|dropout\|cross_entropy\)\>\ze\s*('
syntax match cgmBuiltin '\%(\.\)\@1<!\<\%(mse\|bce_with_logits\|batch\|checkpoint\)\>\ze\s*('
syntax match cgmBuiltin '\%(\.\)\@1<!\<\%(zeros\|ones\|constant\|normal\|uniform\|kaiming\|xavier\|orthogonal\)\>\ze\s*('
syntax match cgmBuiltin '\%(\.\)\@1<!\<\%(sgd\|sgdw\|adam\|adamw\|lion\|rmsprop\|linear\|cosine\|idx\|npz\|npy\)\>\ze\s*('
syntax match cgmBuiltin '\%(\.\)\@1<!\<\%(csv\|tokens\|synthetic\|none\|all\|every\|sqrt\|revolve\|chain\)\>\ze\s*('
syntax match cgmBuiltin '\%(\.\)\@1<!\<\%(budget\|cost\|memory\|speed\|balanced\|optimal\)\>\ze\s*('
syntax match cgmStatement '\%(\.\)\@1<!\<\%(import\|dim\|data\|train\|schedule\|param\|state\|layer\|let\)\>\(\s*[-+*/]\?=\%(=\)\@!\)\@!'
syntax match cgmStatement '\%(\.\)\@1<!\<\%(var\|update\|metric\)\>\(\s*[-+*/]\?=\%(=\)\@!\)\@!'
syntax match cgmConditional '\%(\.\)\@1<!\<\%(if\|else\|when\|training\|evaluation\)\>\(\s*[-+*/]\?=\%(=\)\@!\)\@!'
syntax match cgmRepeat '\%(\.\)\@1<!\<\%(repeat\|in\)\>\(\s*[-+*/]\?=\%(=\)\@!\)\@!'
syntax match cgmStatement '\%(\.\)\@1<!\<\%(return\|as\)\>\(\s*[-+*/]\?=\%(=\)\@!\)\@!'
syntax match cgmDeclaration '^\s*\<\%(func\|block\|model\)\>\ze\s\+\h' nextgroup=cgmFunctionName skipwhite
syntax match cgmFunctionName '\<\h\w*\>' contained
syntax match cgmType '\<\%(f64\|f32\|f16\|bf16\|i64\|i32\|u16\|u8\|bool\)\>'
syntax match cgmType ':\s*\zs\<\%(dim\|int\|float\|bool\)\>'
syntax match cgmType '->\s*\zs\<\%(dim\|int\|float\|bool\)\>'
syntax keyword cgmBoolean true false

" ---- Literals ----
syntax match cgmNumber '\%(\w\|\.\)\@1<!\d\%(_\?\d\)*\%(\.\d\%(_\?\d\)*\)\?\%([eE][-+]\?\d\%(_\?\d\)*\)\?' nextgroup=cgmUnit skipwhite
syntax match cgmUnit '\<\%(KiB\|MiB\|GiB\|KB\|MB\|GB\|steps\|step\|epochs\|epoch\|minutes\|minute\)\>' contained
syntax match cgmEscape '\\["\\nt]' contained
syntax region cgmString start='"' skip='\\.' end='"' end='$' contains=cgmEscape oneline

" ---- Signs ----
syntax match cgmOperator '[-+*/@%~=<>]\|!=\|::\|\.\.'

" ---- Schedules ----
syntax region cgmSchedule matchgroup=cgmStatement start='^\s*schedule\>\ze\s*\%(\h\w*\)\?\s*{' end='^\s*}' contains=TOP
syntax match cgmRule '^\s*\zs\<\%(save\|recompute\|offload\)\>\%(\s*=\)\@!' nextgroup=cgmSelection skipwhite
syntax match cgmSelection '[^/]*' contained contains=cgmIndex,cgmWildcard,cgmOperation
syntax match cgmIndex '\<\d\%(_\?\d\)*\>' contained
syntax match cgmWildcard '\*\+\|{\s*\d\+\s*\.\.\s*\d\+\s*}' contained
syntax match cgmOperation '::\s*\h\w*' contained

" ---- Comments, last so that they win ----
syntax keyword cgmTodo TODO FIXME contained
syntax match cgmComment '//.*$' contains=cgmTodo,@Spell

highlight default link cgmBuiltin Function
highlight default link cgmCall Identifier
highlight default link cgmStatement Statement
highlight default link cgmConditional Conditional
highlight default link cgmRepeat Repeat
highlight default link cgmDeclaration Structure
highlight default link cgmFunctionName Function
highlight default link cgmType Type
highlight default link cgmBoolean Boolean
highlight default link cgmNumber Number
highlight default link cgmUnit Special
highlight default link cgmString String
highlight default link cgmEscape SpecialChar
highlight default link cgmOperator Operator
highlight default link cgmRule Keyword
highlight default link cgmSelection Tag
highlight default link cgmIndex Number
highlight default link cgmWildcard Special
highlight default link cgmOperation Function
highlight default link cgmTodo Todo
highlight default link cgmComment Comment

let b:current_syntax = 'cgm'
